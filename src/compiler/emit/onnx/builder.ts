import onnxProto from "onnx-proto";
import type { Graph, Node, Parameter, Value } from "../../graph/graph.js";
import type { OnnxAttribute, OnnxLowering } from "../../graph/lowering.js";
import { concreteShape, type TensorType } from "../../graph/tensor.js";
import { invariant, known } from "../../support/invariant.js";
import { product } from "../../support/product.js";
import { littleEndianDoubles, littleEndianFloats, littleEndianIntegers } from "./tensors.js";

const { AttributeProto, TensorProto } = onnxProto.onnx;

/** Everything that goes into an ONNX graph besides the weights and its inputs and outputs. */
export interface LoweredGraph {
  readonly nodes: readonly onnxProto.onnx.INodeProto[];
  readonly constants: readonly onnxProto.onnx.ITensorProto[];
  /** The ONNX value that holds each value of the graph; several may share one. */
  readonly names: ReadonlyMap<Value, string>;
  /** The names of the ONNX nodes that are computed in float32 whatever the others are. */
  readonly precise: ReadonlySet<string>;
}

/**
 * Lowers every node of a graph, in order. Outputs of the graph are not named yet.
 *
 * @param reserved further names that no value gets
 */
export function lowerNodes(graph: Graph, reserved: readonly string[] = []): LoweredGraph {
  const builder = new Builder(graph, reserved);
  for (const node of graph.nodes) builder.lower(node);
  // A table that only says where to gather is part of the Gather.
  const used = new Set(builder.nodes.flatMap(({ input }) => input ?? []));
  for (const { value } of graph.outputs) used.add(known(builder.names.get(value), value.name));
  const constants = builder.constants.filter(({ name }) => used.has(known(name, "a constant's name")));
  return { nodes: builder.nodes, names: builder.names, precise: builder.precise, constants };
}

class Builder implements LoweredGraph {
  readonly nodes: onnxProto.onnx.INodeProto[] = [];
  readonly constants: onnxProto.onnx.ITensorProto[] = [];
  readonly names = new Map<Value, string>();
  readonly precise = new Set<string>();
  private readonly constantNames = new Map<string, string>();
  private readonly nodeNames = new Set<string>();
  /** Names of values, in which inputs, outputs and weights come first: they are what users address. */
  private readonly taken: Set<string>;

  constructor(
    private readonly graph: Graph,
    reserved: readonly string[],
  ) {
    const addressed = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
    addressed.push(...reserved);
    addressed.push(...graph.parameters.map(({ path }) => path));
    this.taken = new Set(addressed);
    invariant(this.taken.size === addressed.length, "inputs, outputs and weights share a name");
    for (const input of graph.inputs) this.names.set(input, input.name);
  }

  lower(node: Node): void {
    const lowering: OnnxLowering = {
      input: (index) => this.nameOf(known(node.inputs[index], `input ${index} of ${node.name}`)),
      parameter: (role) => known<Parameter>(node.parameters[role], `${role} of ${node.name}`).path,
      shape: (type) => concrete(type, this.graph),
      int64: (values) => this.int64(values),
      float32: (values, shape) => this.float32(values, shape),
      float64: (values, shape) => this.float64(values, shape),
      node: (operator, inputs, attributes = {}, { hint, outputs = 1 } = {}) => {
        const name = hint === undefined ? node.name : `${node.name}/${hint}`;
        invariant(!this.nodeNames.has(name), `two ONNX nodes are called ${name}`);
        this.nodeNames.add(name);
        if (node.operation.precise) this.precise.add(name);
        const values = Array.from({ length: outputs }, (_, index) =>
          this.freshName(outputs === 1 ? name : `${name}/${index + 1}`),
        );
        this.nodes.push({
          name,
          opType: operator,
          input: [...inputs],
          output: values,
          attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
        });
        return [known(values[0], "an output"), ...values.slice(1)];
      },
    };
    this.names.set(node, node.operation.lower(node, lowering));
  }

  private nameOf(value: Value): string {
    return known(this.names.get(value), `${value.name} before its use`);
  }

  private freshName(wanted: string): string {
    let name = wanted;
    while (this.taken.has(name)) name += "/value";
    this.taken.add(name);
    return name;
  }

  private int64(values: readonly number[]): string {
    return this.constant("int64", `${values}`, (name) => ({
      name,
      dataType: TensorProto.DataType.INT64,
      dims: [values.length],
      rawData: littleEndianIntegers(values),
    }));
  }

  private float32(values: readonly number[], shape: readonly number[]): string {
    requireShape(values, shape);
    const floats = Float32Array.from(values);
    return this.constant("float32", `${shape}:${floats.join()}`, (name) => ({
      name,
      dataType: TensorProto.DataType.FLOAT,
      dims: [...shape],
      rawData: littleEndianFloats(floats),
    }));
  }

  private float64(values: readonly number[], shape: readonly number[]): string {
    requireShape(values, shape);
    return this.constant("float64", `${shape}:${values.join()}`, (name) => ({
      name,
      dataType: TensorProto.DataType.DOUBLE,
      dims: [...shape],
      rawData: littleEndianDoubles(values),
    }));
  }

  private constant(
    type: string,
    content: string,
    make: (name: string) => onnxProto.onnx.ITensorProto,
  ): string {
    const key = `${type}:${content}`;
    const existing = this.constantNames.get(key);
    if (existing !== undefined) return existing;
    const name = this.freshName(`constant/${type}/${this.constants.length + 1}`);
    this.constantNames.set(key, name);
    this.constants.push(make(name));
    return name;
  }
}

/** The sizes of a type's axes, which the caller made sure are all bound. */
export function concrete(type: TensorType, graph: Graph): readonly number[] {
  return known(concreteShape(type, graph.bindings), `sizes of every axis in ${graph.network}`);
}

function requireShape(values: readonly number[], shape: readonly number[]): void {
  const count = product(shape);
  invariant(count === values.length, "a constant's shape is wrong");
}

function attributeProto(name: string, value: OnnxAttribute): onnxProto.onnx.IAttributeProto {
  const types = AttributeProto.AttributeType;
  if ("int" in value) return { name, type: types.INT, i: value.int };
  if ("ints" in value) return { name, type: types.INTS, ints: [...value.ints] };
  if ("float" in value) return { name, type: types.FLOAT, f: value.float };
  return { name, type: types.STRING, s: new TextEncoder().encode(value.string) };
}
