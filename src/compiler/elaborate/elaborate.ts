import * as names from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import type { Graph, GraphInput, Value as GraphValue, Node } from "../graph/graph.js";
import { openSymbols } from "../graph/open-axes.js";
import { type Bindings, constantSize, symbolSize } from "../graph/size.js";
import type { Axis } from "../graph/tensor.js";
import type { Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Expression, InputStatement, NetworkDeclaration } from "../syntax/ast.js";
import { writtenOperations } from "./apply-operation.js";
import { refuseValue } from "./evaluation.js";
import type { Frame } from "./frame.js";
import { AlreadyReported, LayerInstances } from "./instances.js";
import type { ModuleScope } from "./modules.js";
import { checkOpenSizes } from "./open-sizes.js";
import { integerOf } from "./ranges.js";
import { checkConditions } from "./sizes.js";
import { Construction } from "./state.js";
import { coerce, describeType } from "./types.js";
import { showValue, type Value } from "./values.js";

/** A setting's value, and the file whose names it uses, if that is not the network's. */
export interface Setting {
  readonly value: Expression;
  readonly scope?: ModuleScope;
}

/** A network's settings and the sizes of its input's axes. */
export interface ElaborationOptions {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly bindings: Bindings;
  /** Puts the sizes in at once instead of keeping formulas: faster, but a mistake comes without advice on sizes. */
  readonly sizesAtOnce?: boolean;
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
    const inputs = declareInputs(network, outer, instances, construction, options.sizesAtOnce);
    for (const input of inputs) locals.set(input.name, { kind: "tensor", tensor: input });
    const frame = instances.frame({ ...empty, locals });
    const outputs = runNetwork(network, frame, instances);
    const broken = checkConditions(construction.conditions, options.bindings);
    if (broken) construction.report(broken);
    const axes = openSymbols({ inputs, bindings: options.bindings }).filter((axis) => axis !== "n");
    const unfit = broken ? undefined : checkOpenSizes(construction.conditions, options.bindings, axes);
    if (unfit?.severity === "error") construction.report(unfit);
    throwErrors(construction);
    const graph = assemble(network, inputs, outputs, locals, construction);
    const warnings = [...(unfit ? [unfit] : []), ...construction.unusedDefinitions()];
    return { graph, warnings, frame: outer, instances };
  } catch (failure) {
    if (isStackOverflow(failure)) throw new SlabFailure([construction.stackExceeded()]);
    instances.absorb(failure);
    // What a `require` kept from being built has conditions too.
    const verify = (bindings: Bindings) =>
      !construction.ruledOut || isRight(scope, network, { ...options, bindings, sizesAtOnce: true });
    const broken = checkConditions(construction.conditions, options.bindings, verify);
    if (broken) construction.report(broken);
    throwErrors(construction);
    throw failure;
  }
}

function isRight(scope: ModuleScope, network: NetworkDeclaration, options: ElaborationOptions): boolean {
  try {
    elaborate(scope, network, options);
    return true;
  } catch (failure) {
    if (failure instanceof SlabFailure || failure instanceof AlreadyReported) return false;
    throw failure;
  }
}

function isStackOverflow(failure: unknown): boolean {
  return failure instanceof RangeError && /call stack/.test(failure.message);
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
  for (const [name, { value }] of settings) {
    if (known.includes(name)) continue;
    const args = { name, network: network.name.text, settings: known };
    construction.report(diagnose(names.unknownSetting, args, { span: settingName(value) }));
  }
  for (const parameter of network.parameters) {
    const name = parameter.name.text;
    const type = parameter.type.text;
    const given = settings.get(name);
    try {
      const value: Value | undefined = given
        ? settingValue(name, type, given.value, instances, { ...frame, scope: given.scope ?? frame.scope })
        : instances.default(parameter, { ...frame, locals: new Map(locals) });
      if (!value) {
        const args = { name, network: network.name.text, expected: describeType(type) };
        fail(names.missingSetting, args, { span: parameter.name.span });
      }
      const span = given?.value.span ?? parameter.default?.span ?? parameter.name.span;
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
  if (type === "layer") checkLayerName(name, given, frame.scope);
  else if (given.kind === "name" && !frame.scope.names.has(given.name)) {
    fail(
      messages.wrongType,
      { what: name, found: given.name, expected: describeType(type) },
      { span: given.span },
    );
  }
  return instances.evaluator.evaluate(given, instances.bodyContext(frame, name));
}

/** A layer comes from the file, with its own name or a used one, or is an operation. */
function checkLayerName(setting: string, given: Expression, scope: ModuleScope): void {
  const callee = given.kind === "call" ? given.target : given;
  if (callee.kind !== "name" || scope.names.has(callee.name) || writtenOperations.has(callee.name)) return;
  const layers = [...scope.names].flatMap(([name, { declaration }]) =>
    declaration.kind === "layer" ? [name] : [],
  );
  const [suggestion] = suggestions(callee.name, [...layers, ...writtenOperations.keys()]);
  const args = { setting, name: callee.name, layers, ...(suggestion ? { suggestion } : {}) };
  fail(names.unknownLayer, args, { span: callee.span });
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
  sizesAtOnce = false,
): GraphInput[] {
  const statements = network.body.filter((statement) => statement.kind === "input");
  if (statements.length === 0) fail(names.noInput, { name: network.name.text }, { span: network.name.span });
  return statements.map((statement) => {
    const axes = statement.axes.map(({ name, size }): Axis => {
      if (!construction.axisOrder.includes(name.text)) construction.axisOrder.push(name.text);
      if (!size) {
        const given = sizesAtOnce ? construction.bindings.get(name.text) : undefined;
        return { name: name.text, size: given === undefined ? symbolSize(name.text) : constantSize(given) };
      }
      const value = integerOf(
        instances.evaluator,
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
): { name: string; value: GraphValue }[] {
  const outputs = instances.runBody(frame);
  if (outputs.every((output) => output.kind === "family" && output.members.length === 0)) {
    const empty = outputs.flatMap(({ name }) => (name === undefined ? [] : [`${name}[…]`]));
    const args = { what: "network", name: network.name.text, empty };
    fail(names.noOutput, args, { span: network.name.span });
  }
  const port = (name: string, value: Value, span: Span) => {
    if (value.kind === "tensor") return { name, value: value.tensor };
    const site = { span, context: instances.bodyContext(frame, name) };
    const help =
      value.kind === "list"
        ? `a family makes an output of each: output ${name}[i] = list[i] for i in 0..${value.elements.length - 1}`
        : undefined;
    return refuseValue(instances.evaluator, `output ${name}`, value, "a tensor", site, help);
  };
  return outputs.flatMap((output) => {
    const { name = "" } = output;
    if (output.kind === "value") return [port(name, output.value, output.span)];
    return output.members.map(({ index, value, span }) => port(`${name}.${index}`, value, span));
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
  const used = new Set(nodes.flatMap((node) => Object.values(node.parameters)));
  const held = [...construction.held].filter((parameter) => !used.has(parameter));
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
    parameters: [...used, ...held.map((parameter) => ({ ...parameter, unused: true }))],
    conditions: construction.conditions,
    untold: [...construction.untold],
    bindings: construction.bindings,
  };
}
