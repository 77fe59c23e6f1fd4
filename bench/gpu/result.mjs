// What is measured on a device comes to, and how it is shown.
import { median } from "../result.mjs";

/**
 * Figures of each contender of a case; ratios are to the first one that ran.
 *
 * @param work `macs` and `bytes` of a pass, as `slab report` counts them
 * @param rates of the device, in FLOP/s by precision and bytes per second of a copy; undefined where not measured
 */
export function evaluate(measured, work, rates) {
  const first = measured.find(({ seconds }) => seconds);
  return measured.map((one) => {
    if (one.failure !== undefined) return { name: one.name, failure: one.failure };
    const time = median(one.seconds);
    const rate = one.device === "cpu" ? rates.cpu : rates.card;
    const share = (amount, most) => (most ? amount / time / most : undefined);
    return {
      name: one.name,
      milliseconds: 1000 * time,
      fastest: 1000 * Math.min(...one.seconds),
      slowest: 1000 * Math.max(...one.seconds),
      ratio: time / median(first.seconds),
      peakBytes: one.peak,
      shareOfProducts: share(2 * work.macs, rate?.[one.precision]),
      shareOfCopies: share(work.bytes, rate?.copy),
      deviation: one.deviation,
      agreement: one.agreement,
    };
  });
}

/** The greatest absolute deviation of scores. NaN is the greatest of all. */
export function deviation(found, expected) {
  let most = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(found[index] - expected[index]);
    if (!(difference <= most)) most = difference;
  }
  return found.length === expected.length ? most : Number.NaN;
}

/** The share of the voxels whose labels are the same. */
export function agreement(found, expected) {
  let same = 0;
  for (let index = 0; index < expected.length; index++) if (found[index] === expected[index]) same++;
  return found.length === expected.length ? same / expected.length : Number.NaN;
}

const headings = [
  "contender",
  "ms",
  "from to",
  "time",
  "card memory",
  "of matrix rate",
  "of copy rate",
  "deviation",
  "same labels",
];

function cells(row) {
  if (row.failure !== undefined) return [row.name, `failed: ${row.failure}`];
  const known = (value, show) => (value === undefined ? "-" : show(value));
  const percent = (value) => `${(100 * value).toFixed(0)} %`;
  return [
    row.name,
    row.milliseconds.toFixed(1),
    `${row.fastest.toFixed(1)} to ${row.slowest.toFixed(1)}`,
    row.ratio.toFixed(2),
    known(row.peakBytes, (bytes) => `${(bytes / 1e9).toFixed(2)} GB`),
    known(row.shareOfProducts, percent),
    known(row.shareOfCopies, percent),
    row.deviation.toExponential(1),
    `${(100 * row.agreement).toFixed(3)} %`,
  ];
}

export function show(format, summary) {
  if (format === "json") return JSON.stringify(summary, null, 2);
  const tables = summary.cases.map(
    (one) => `${aboutCase(one)}\n\n${table(format, [headings, ...one.contenders.map(cells)])}`,
  );
  return [about(summary), ...tables].join("\n\n");
}

function table(format, rows) {
  if (format === "markdown") {
    const lines = rows.map(
      (row) => `| ${[...row, ...headings.slice(row.length).map(() => "")].join(" | ")} |`,
    );
    return lines.toSpliced(1, 0, `|${" --- |".repeat(headings.length)}`).join("\n");
  }
  const full = rows.filter(({ length }) => length === headings.length);
  const widths = headings.map((_, column) =>
    Math.max(...(column ? full : rows).map((row) => row[column].length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          if (column === 0) return cell.padEnd(widths[0]);
          return row.length < headings.length ? cell : cell.padStart(widths[column]);
        })
        .join("  "),
    )
    .join("\n");
}

function about({ date, card, versions, rates, rounds, repeats }) {
  const lines = [
    `${date}, ${card ? `${card.name}, driver ${card.driver}` : "no NVIDIA card"}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  ];
  for (const [device, rate] of Object.entries(rates)) {
    if (!rate) continue;
    const products = ["float32", "tf32", "float16"].filter((precision) => rate[precision]);
    const shown = products.map((precision) => `${precision} ${(rate[precision] / 1e12).toFixed(2)}`);
    lines.push(
      `${device}: products ${shown.join(", ")} TFLOP/s, copies ${(rate.copy / 1e9).toFixed(0)} GB/s`,
    );
  }
  lines.push(
    `a pass: from the volume in memory to its labels in memory; ${rounds} rounds of ${repeats} passes`,
  );
  return lines.join("\n");
}

function aboutCase({ network, tile, macs, contenders }) {
  const first = contenders.find(({ failure }) => failure === undefined);
  const reference = first ? ` Time is relative to ${first.name};` : "";
  return `${network} ${tile}: ${(macs / 1e9).toFixed(1)} GMACs.${reference} deviation and labels are compared with slab:cpu:float32.`;
}
