import * as names from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import type { Graph, GraphInput, Value as GraphValue, Node } from "../graph/graph.js";
import { type Bindings, constantSize, symbolSize } from "../graph/size.js";
import type { Axis } from "../graph/tensor.js";
import type { Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Expression, InputStatement, NetworkDeclaration } from "../syntax/ast.js";
import type { Frame } from "./frame.js";
import { AlreadyReported, LayerInstances } from "./instances.js";
import type { ModuleScope } from "./modules.js";
import { checkConditions } from "./sizes.js";
import { Construction } from "./state.js";
import { coerce, describeType } from "./types.js";
import { describeValue, showValue, type Value } from "./values.js";

/** A network's settings and the sizes of its input's axes. */
export interface ElaborationOptions {
  readonly settings: ReadonlyMap<string, Expression>;
  readonly bindings: Bindings;
}

/** A network's graph, with warnings, and its settings' values for checkpoint rules. */
export interface Elaboration {
  readonly graph: Graph;
  readonly warnings: readonly Diagnostic[];
  readonly frame: Frame;
  readonly instances: LayerInstances;
}

/** Builds the graph of a network. Fails with every mistake that is found. */
export function elaborate(
  scope: ModuleScope,
  network: NetworkDeclaration,
  options: ElaborationOptions,
): Elaboration {
  const construction = new Construction(options.bindings);
  const instances = new LayerInstances(construction);
  const locals = new Map<string, Value>();
  const empty = { declaration: network, scope, path: [], identity: "", tags: [], depth: 0, calls: [] };
  const outer = instances.frame({ ...empty, declaration: { ...network, body: [] }, locals });
  try {
    applySettings(network, options, locals, instances, outer, construction);
    const inputs = declareInputs(network, outer, instances, construction);
    for (const input of inputs) locals.set(input.name, { kind: "tensor", tensor: input });
    const frame = instances.frame({ ...empty, locals });
    const outputs = runNetwork(network, frame, instances, construction);
    const broken = checkConditions(construction.conditions, options.bindings);
    if (broken) construction.report(broken);
    throwErrors(construction);
    const graph = assemble(network, inputs, outputs, locals, construction);
    return { graph, warnings: construction.unusedDefinitions(), frame: outer, instances };
  } catch (failure) {
    instances.absorb(failure);
    const broken = checkConditions(construction.conditions, options.bindings);
    if (broken) construction.report(broken);
    throwErrors(construction);
    throw failure;
  }
}

function throwErrors({ diagnostics }: Construction): void {
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new SlabFailure(diagnostics.filter(({ severity }) => severity === "error"));
  }
}

function applySettings(
  network: NetworkDeclaration,
  { settings, bindings }: ElaborationOptions,
  locals: Map<string, Value>,
  instances: LayerInstances,
  frame: Frame,
  construction: Construction,
): void {
  const known = network.parameters.map(({ name }) => name.text);
  for (const [name, value] of settings) {
    if (known.includes(name)) continue;
    const [suggestion] = suggestions(name, known);
    const args = { name, network: network.name.text, settings: known, ...(suggestion ? { suggestion } : {}) };
    construction.report(diagnose(names.unknownSetting, args, { span: settingName(value) }));
  }
  for (const parameter of network.parameters) {
    const name = parameter.name.text;
    const type = parameter.type.text;
    const given = settings.get(name);
    try {
      const value: Value | undefined = given
        ? settingValue(name, type, given, instances, frame)
        : instances.default(parameter, locals, frame.scope, frame);
      if (!value) {
        const args = { name, network: network.name.text, expected: describeType(type) };
        fail(names.missingSetting, args, { span: parameter.name.span });
      }
      const span = given?.span ?? parameter.default?.span ?? parameter.name.span;
      locals.set(name, coerce(value, type, name, span, bindings));
    } catch (failure) {
      instances.absorb(failure);
    }
  }
  if (construction.diagnostics.length > 0) throw new AlreadyReported();
}

/** The value of `--set name=…`: a literal, a constant's name, or a bare word, which for a text parameter is that text. */
function settingValue(
  name: string,
  type: string,
  given: Expression,
  instances: LayerInstances,
  frame: Frame,
): Value {
  if (given.kind === "name" && type === "string") return { kind: "string", value: given.name };
  if (given.kind === "list" && type.startsWith("[")) {
    const inner = type.slice(1, -1);
    const elements = given.elements.map((element, index) =>
      settingValue(`${name}[${index}]`, inner, element, instances, frame),
    );
    return { kind: "list", elements };
  }
  if (given.kind === "name" && !frame.scope.names.has(given.name)) {
    fail(
      messages.wrongType,
      { what: name, found: given.name, expected: describeType(type) },
      { span: given.span },
    );
  }
  return instances.evaluator.evaluate(given, instances.bodyContext(frame, name));
}

/** Where a setting's name is written, before its value. */
function settingName({ span: { file, start } }: Expression): Span {
  const before = file.text.slice(0, start);
  const name = /^\s*\w*/.exec(before)?.[0] ?? "";
  return { file, start: name.length - name.trimStart().length, end: name.length };
}

function declareInputs(
  network: NetworkDeclaration,
  frame: Frame,
  instances: LayerInstances,
  construction: Construction,
): GraphInput[] {
  const statements = network.body.filter((statement) => statement.kind === "input");
  if (statements.length === 0) fail(names.noInput, { name: network.name.text }, { span: network.name.span });
  return statements.map((statement) => {
    const axes = statement.axes.map(({ name, size }): Axis => {
      if (!construction.axisOrder.includes(name.text)) construction.axisOrder.push(name.text);
      if (!size) return { name: name.text, size: symbolSize(name.text) };
      const value = instances.evaluator.integer(
        size,
        `the size of ${name.text}`,
        instances.bodyContext(frame, name.text),
      );
      if (value < 1) {
        fail(
          messages.wrongType,
          { what: `the size of ${name.text}`, found: String(value), expected: "at least 1" },
          { span: size.span },
        );
      }
      return { name: name.text, size: constantSize(value) };
    });
    checkInput(statement);
    return { kind: "input", name: statement.name.text, type: { axes } };
  });
}

function checkInput({ element, axes }: InputStatement): void {
  if (element.text !== "float") {
    fail(
      messages.badInputType,
      { found: element.text, help: "inputs are float, 32 bit" },
      { span: element.span },
    );
  }
  axes.forEach(({ name }, index) => {
    const twice = axes.findIndex((other) => other.name.text === name.text) !== index;
    if (twice)
      fail(
        messages.badInputType,
        { found: "a tensor with two axes of one name", help: `call the second ${name.text} differently` },
        { span: name.span },
      );
  });
}

function runNetwork(
  network: NetworkDeclaration,
  frame: Frame,
  instances: LayerInstances,
  construction: Construction,
): { name: string; value: GraphValue }[] {
  const outputs = instances.runBody(frame);
  if (outputs.length === 0)
    fail(names.noOutput, { what: "network", name: network.name.text }, { span: network.name.span });
  return outputs.map(({ name, value, span }) => {
    if (value.kind === "tensor") return { name, value: value.tensor };
    const found = describeValue(value, construction.bindings);
    return fail(messages.wrongType, { what: `output ${name}`, found, expected: "a tensor" }, { span });
  });
}

/** Keeps the nodes and weights that outputs depend on. */
function assemble(
  network: NetworkDeclaration,
  inputs: readonly GraphInput[],
  outputs: readonly { readonly name: string; readonly value: GraphValue }[],
  locals: ReadonlyMap<string, Value>,
  construction: Construction,
): Graph {
  const needed = new Set<Node>();
  const pending = outputs.map(({ value }) => value);
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (value.kind === "input" || needed.has(value)) continue;
    needed.add(value);
    pending.push(...value.inputs);
  }
  const nodes = construction.nodes.filter((node) => needed.has(node));
  const parameters = new Set(nodes.flatMap((node) => Object.values(node.parameters)));
  const settings = network.parameters.map(({ name }) => [
    name.text,
    showValue(locals.get(name.text) as Value),
  ]);
  return {
    network: network.name.text,
    documentation: network.documentation,
    settings: Object.fromEntries(settings),
    inputs,
    outputs,
    nodes,
    parameters: [...parameters],
    conditions: construction.conditions,
    bindings: construction.bindings,
  };
}
