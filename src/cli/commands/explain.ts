import {
  type CheckedNetwork,
  checkNetwork,
  concreteShape,
  type DeviceLimit,
  type ExplainedCase,
  type ExplainedPass,
  explainNetwork,
  type LimitedDevice,
  limitedDevices,
  renderDiagnostics,
  showSchedule,
} from "../../compiler/index.js";
import { parseNamedDevice } from "../../runtime/index.js";
import { readSource } from "../files.js";
import { createHost } from "../host.js";
import { type NetworkArguments, networkOptions } from "../options.js";
import { chosenSchedule, presetFor, type ScheduleArguments } from "../schedule.js";
import type { Terminal } from "../terminal.js";
import { counted, formatCount, table } from "../text.js";

export interface ExplainArguments extends NetworkArguments, ScheduleArguments {
  readonly all?: boolean;
  readonly device?: string;
}

/** Names of operations that stand for all of a case. */
const namesShown = 3;

/** `slab explain`: prints what a schedule makes of a network. */
export function explain(file: string, options: ExplainArguments, terminal: Terminal): number {
  const device = options.device === undefined ? undefined : parseNamedDevice(options.device);
  const schedule = chosenSchedule(options, device && presetFor[device]);
  readSource(file);
  const checked = checkNetwork(file, createHost(file), networkOptions(options));
  if (checked.warnings.length > 0) {
    terminal.remark(renderDiagnostics(checked.warnings, { colour: terminal.colour }));
  }
  const limited = limitedDevices.find((name) => name === device);
  const { choices, passes, operators, limits } = explainNetwork(checked, schedule, limited);
  const sections = [
    `${checked.graph.network}, ${shapesOf(checked)}: schedule ${showSchedule(schedule)}`,
    table(choices.map(({ name, option, documentation }) => [`  ${name}`, option, documentation])),
    ...passes.map((pass) => showPass(pass, options.all ?? false)),
    `ONNX operators:\n${table(
      operators.map(({ operator, count }) => [`  ${operator}`, formatCount(count)]),
      [1],
    )}`,
    ...(limited === undefined ? [] : [showLimits(limited, limits, options.all ?? false)]),
  ];
  terminal.print(sections.join("\n\n"));
  return 0;
}

/** `volume 1x1x96x96x96` */
function shapesOf({ graph }: CheckedNetwork): string {
  return graph.inputs
    .map(({ name, type }) => `${name} ${(concreteShape(type, graph.bindings) ?? []).join("x")}`)
    .join(", ");
}

function showLimits(device: LimitedDevice, limits: readonly DeviceLimit[], all: boolean): string {
  if (limits.length === 0)
    return `${device}: nothing that is known to fail there or to be computed elsewhere`;
  const lines = limits.map(
    ({ kind, text, nodes }) => `  ${kind === "fails" ? "fails" : "CPU"} ${showNodes(text, nodes, all)}`,
  );
  return [`${device}:`, ...lines].join("\n");
}

function showPass(
  { name, documentation, cases, nodesBefore, nodesAfter }: ExplainedPass,
  all: boolean,
): string {
  const change =
    nodesBefore === nodesAfter
      ? counted(nodesBefore, "operation")
      : `${counted(nodesBefore, "operation")} become ${formatCount(nodesAfter)}`;
  return [`${name} (${change}): ${documentation}`, ...cases.map((item) => showCase(item, all))].join("\n");
}

function showCase({ kind, text, nodes }: ExplainedCase, all: boolean): string {
  return `  ${kind === "done" ? "done" : "left"} ${showNodes(text, nodes, all)}`;
}

function showNodes(text: string, nodes: readonly string[], all: boolean): string {
  const shown = all ? nodes : nodes.slice(0, namesShown);
  const rest = nodes.length - shown.length;
  const names = `${shown.join(", ")}${rest > 0 ? ` and ${formatCount(rest)} more` : ""}`;
  return `${formatCount(nodes.length)} x ${text}: ${names}`;
}
