import { InferenceSession, Tensor } from "onnxruntime-node";
import { fail } from "../../../src/compiler/diagnostics/diagnostic.js";
import { emitOnnx } from "../../../src/compiler/emit/onnx/emit.js";
import { relationHolds } from "../../../src/compiler/graph/condition.js";
import type { Graph, GraphInput, Node, Parameter, Value } from "../../../src/compiler/graph/graph.js";
import type {
  Attributes,
  Inference,
  Operation,
  ShapeContext,
} from "../../../src/compiler/graph/operation.js";
import { constantSize, noBindings, symbolSize } from "../../../src/compiler/graph/size.js";
import type { TensorType } from "../../../src/compiler/graph/tensor.js";
import { verifyGraph } from "../../../src/compiler/graph/verify.js";
import { operations } from "../../../src/compiler/ops/index.js";
import { table, tableValues } from "../../../src/compiler/ops/table.js";
import { known } from "../../../src/compiler/support/invariant.js";
import { seededInput, seededTensor } from "../../../src/compiler/weights/seeded.js";

const span = { file: { path: "test.slab", text: "" }, start: 0, end: 0 };

/** A type from text: `n:1 c:4 x` has a symbol for the size of x. */
export function typeOf(text: string): TensorType {
  const axes = text.split(" ").map((part) => {
    const [name = "", size] = part.split(":");
    return { name, size: size === undefined ? symbolSize(name) : constantSize(Number(size)) };
  });
  return { axes };
}

export function operationOf(name: string): Operation {
  return known(
    operations.find((operation) => operation.name === name),
    name,
  );
}

/** Runs a shape rule as the compiler does: what must hold is checked where sizes are known, the default arguments apply. */
export function infer(
  operation: Operation,
  inputs: readonly TensorType[],
  given: Attributes,
  tables: ShapeContext["tables"] = [],
): Inference {
  const context: ShapeContext = {
    inputs,
    inputNames: inputs.map((_, index) => `input${index + 1}`),
    attributes: withDefaults(operation, given),
    bindings: noBindings,
    tables,
    refuse: (kind, args) => fail(kind, args),
    require(relation, kind, args) {
      if (relationHolds(relation, noBindings) === false) fail(kind, args(noBindings));
    },
  };
  return operation.infer(context);
}

function withDefaults(operation: Operation, given: Attributes): Attributes {
  const defaults = operation.arguments.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

/** Applies an operation to values, with weights under the path of the node. */
export function nodeOf(
  name: string,
  operation: Operation,
  inputs: readonly Value[],
  given: Attributes = {},
  path = name,
): Node {
  const { output, parameters = [] } = infer(
    operation,
    inputs.map(({ type }) => type),
    given,
    inputs.map((input) =>
      input.kind === "node" && input.operation === table ? tableValues(input) : undefined,
    ),
  );
  return {
    kind: "node",
    name,
    path,
    operation,
    attributes: withDefaults(operation, given),
    inputs,
    parameters: Object.fromEntries(
      parameters.map(({ role, shape, buffer = false }) => [role, { path: `${path}.${role}`, shape, buffer }]),
    ),
    type: output,
    span,
  };
}

export function inputOf(name: string, type: string): GraphInput {
  return { kind: "input", name, type: typeOf(type) };
}

/** A verified graph of these nodes, in order. */
export function graphOf(
  inputs: readonly GraphInput[],
  nodes: readonly Node[],
  outputs: Readonly<Record<string, Value>>,
  parts: Partial<Graph> = {},
): Graph {
  const parameters = new Map<string, Parameter>();
  for (const node of nodes) {
    for (const parameter of Object.values(node.parameters)) {
      if (!parameters.has(parameter.path)) parameters.set(parameter.path, parameter);
    }
  }
  const graph: Graph = {
    network: "Test",
    documentation: "",
    settings: {},
    inputs,
    outputs: Object.entries(outputs).map(([name, value]) => ({ name, value })),
    nodes,
    parameters: [...parameters.values()],
    conditions: [],
    bindings: noBindings,
    ...parts,
  };
  verifyGraph(graph);
  return graph;
}

export const emitOptions = { producerVersion: "0.0.0", metadata: {} };

export const seededWeights = ({ path, shape }: Parameter) => seededTensor(path, shape);

/** Inputs from -2 to 2, so that activations see both signs. */
export function testInput(name: string, shape: readonly number[]): Float32Array {
  return seededInput(name, shape).map((value) => value * 4 - 2);
}

/** Runs a model in onnxruntime on one thread. */
export async function runModel(
  model: Uint8Array | string,
  inputs: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>,
): Promise<Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>> {
  const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, logSeverityLevel: 3 };
  const session =
    typeof model === "string"
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  const feeds = Object.entries(inputs).map(([name, { shape, values }]) => [
    name,
    new Tensor("float32", values, [...shape]),
  ]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, result]) => [
      name,
      { shape: result.dims, values: result.data as Float32Array },
    ]),
  );
}

/** Emits a graph with seeded weights and runs it. */
export async function runGraph(graph: Graph, inputs: Parameters<typeof runModel>[1]) {
  return runModel(emitOnnx(graph, seededWeights, emitOptions).model, inputs);
}

/** What a call is refused with: its code and title. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error && error.name === "SlabFailure") return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}
