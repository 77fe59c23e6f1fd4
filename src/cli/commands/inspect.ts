import { optionNeedsSource } from "../../compiler/diagnostics/catalogue/cli.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import type { Cost } from "../../compiler/graph/operation.js";
import { addSizes, constantSize } from "../../compiler/graph/size.js";
import { type CheckedNetwork, checkNetwork, measure, type Node, showType } from "../../compiler/index.js";
import { known } from "../../compiler/support/invariant.js";
import { isOpen } from "../../reports/build.js";
import { describeModel } from "../describe-model.js";
import { looksLikeText, readSource } from "../files.js";
import { createHost } from "../host.js";
import { parameterCount, showAmount, showOpenType } from "../network.js";
import { type NetworkArguments, networkOptions } from "../options.js";
import type { Terminal } from "../terminal.js";
import { counted, formatCount, table } from "../text.js";

export interface InspectArguments extends NetworkArguments {
  readonly parameters?: boolean;
  readonly nodes?: boolean;
}

/** `slab inspect`: prints what a network or an ONNX model is made of; any ONNX model, also one that Slab did not make. */
export function inspect(file: string, options: InspectArguments, terminal: Terminal): number {
  if (looksLikeText(file)) {
    readSource(file);
    terminal.print(describeNetwork(checkNetwork(file, createHost(file), networkOptions(options)), options));
    return 0;
  }
  const compiling = (["set", "network", "tile", "batch"] as const).filter(
    (option) => options[option] !== undefined,
  );
  if (compiling.length > 0) {
    fail(optionNeedsSource, { options: compiling.map((option) => `--${option}`) }, { path: file });
  }
  terminal.print(describeModel(file, options));
  return 0;
}

function describeNetwork(checked: CheckedNetwork, { parameters, nodes }: InspectArguments): string {
  const { graph } = checked;
  const { bindings } = graph;
  const settings = Object.entries(graph.settings).map(([name, value]) => `${name} = ${value}`);
  const rows = [
    ["network", graph.network],
    ...(settings.length > 0 ? [["settings", settings.join(", ")]] : []),
    ...graph.inputs.map(({ name, type }) => ["input", `${name} ${showOpenType(type, checked)}`]),
    ...graph.outputs.map(({ name, value }) => ["output", `${name} ${showOpenType(value.type, checked)}`]),
    [
      "parameters",
      `${formatCount(parameterCount(checked))} in ${counted(graph.parameters.length, "tensor")}`,
    ],
    ["MACs", showTotal("macs", checked)],
    ["FLOPs", showTotal("flops", checked)],
  ];
  const sections = [
    table(rows),
    `operations: ${formatCount(graph.nodes.length)}\n${countTable(graph.nodes)}`,
  ];
  if (parameters) {
    const lines = graph.parameters.map(({ path, shape, buffer }) => [
      path,
      shape.join("x"),
      buffer ? "buffer" : "",
    ]);
    sections.push(`parameters:\n${table(lines)}`);
  }
  if (nodes) {
    const lines = graph.nodes.map(({ name, operation, type }) => [
      name,
      operation.name,
      showType(type, bindings),
    ]);
    sections.push(`operations in order:\n${table(lines)}`);
  }
  return sections.join("\n\n");
}

function countTable(nodes: readonly Node[]): string {
  const counts = new Map<string, number>();
  for (const { operation } of nodes) counts.set(operation.name, (counts.get(operation.name) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return table(
    sorted.map(([name, count]) => [`  ${name}`, formatCount(count)]),
    [1],
  );
}

/** A sum over all operations: exact however large where sizes are given. */
function showTotal(what: keyof Cost, checked: CheckedNetwork): string {
  const { graph } = checked;
  if (!isOpen(checked)) return formatCount(known(measure(checked, [what]).get(what), what));
  const costs = graph.nodes.map((node) => node.operation.cost(node)[what]);
  return showAmount(costs.reduce(addSizes, constantSize(0)), checked);
}
