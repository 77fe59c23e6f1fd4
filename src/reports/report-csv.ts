import { csvText } from "./csv.js";
import { type OpenReport, type Report, showSettings, showShape } from "./report.js";

/** What begins every line, so that lines of several networks can be told apart and files be joined. */
const identityColumns = ["file", "network", "settings", "input"];
const countColumns = ["parameters", "applied_parameters", "macs", "flops", "bytes_read", "bytes_written"];

function identity({ file, analysis }: Report): string[] {
  const inputs = analysis.inputs.map(({ axes }) => showShape(axes)).join(" ");
  return [file, analysis.network, showSettings(analysis.arguments), inputs];
}

/** One line for each network, or for each part of each where a breakdown was asked for; whole numbers throughout. */
export function reportCsv(reports: readonly Report[]): string {
  return reports.some(({ breakdowns }) => breakdowns.length > 0) ? groupsCsv(reports) : totalsCsv(reports);
}

function totalsCsv(reports: readonly Report[]): string {
  const axes = [
    ...new Set(
      reports.flatMap(({ analysis }) => analysis.receptiveFields[0]?.axes.map(({ axis }) => axis) ?? []),
    ),
  ];
  const conventions = [
    ...new Set(reports.flatMap(({ analysis }) => analysis.conventions.map(({ name }) => name))),
  ];
  const timed = reports.some(({ roofline }) => roofline);
  const tiled = reports.some(({ volume }) => volume);
  const columns = [
    ...identityColumns,
    ...countColumns,
    ...["unused_parameters", "buffers", "weight_bytes", "peak_bytes", "activation_bytes"],
    ...conventions,
    ...axes.map((axis) => `receptive_field_${axis}`),
    ...(timed ? ["seconds"] : []),
    ...(tiled ? ["tiles", "volume_macs", "volume_flops"] : []),
  ];
  const rows = reports.map((report) => {
    const { parameters, total, conventions: counts, receptiveFields } = report.analysis;
    const { memory } = report;
    const field = new Map(receptiveFields[0]?.axes.map(({ axis, voxels }) => [axis, voxels]));
    return [
      ...identity(report),
      ...[
        parameters.trainable,
        parameters.applied,
        total.macs,
        total.flops,
        total.bytesRead,
        total.bytesWritten,
      ],
      ...[parameters.unused, parameters.buffers, parameters.bytes, memory.peakBytes, memory.activationBytes],
      ...conventions.map((name) => counts.find((each) => each.name === name)?.value),
      ...axes.map((axis) => field.get(axis)),
      ...(timed ? [report.roofline?.seconds] : []),
      ...(tiled ? [report.volume?.tiles, report.volume?.macs, report.volume?.flops] : []),
    ];
  });
  return csvText(columns, rows);
}

function groupsCsv(reports: readonly Report[]): string {
  const timed = reports.some(({ roofline }) => roofline);
  const columns = [...identityColumns, "by", "key", "layers", ...countColumns, ...(timed ? ["seconds"] : [])];
  const rows = reports.flatMap((report) =>
    report.breakdowns.flatMap(({ by, groups }) =>
      groups.map((group) => [
        ...identity(report),
        ...[by, group.key, group.layers, group.parameters, group.appliedParameters],
        ...[group.macs, group.flops, group.bytesRead, group.bytesWritten],
        ...(timed ? [group.seconds] : []),
      ]),
    ),
  );
  return csvText(columns, rows);
}

/** Networks with open sizes: the formulas as texts. */
export function openReportCsv(reports: readonly OpenReport[]): string {
  const names = [...new Set(reports.flatMap(({ formulas }) => formulas.formulas.map(({ name }) => name)))];
  const rows = reports.map(({ file, formulas: found, inputs }) => [
    file,
    found.network,
    showSettings(found.arguments),
    inputs.map(({ type }) => type).join(" "),
    found.parameters.trainable,
    found.parameters.unused,
    found.divisibility.map(({ axis, divisor }) => `${axis} ${divisor}`).join(" "),
    ...names.map((name) => found.formulas.find((each) => each.name === name)?.text),
  ]);
  return csvText([...identityColumns, "parameters", "unused_parameters", "divisible_by", ...names], rows);
}
