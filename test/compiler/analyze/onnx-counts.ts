import onnxProto from "onnx-proto";

const { ModelProto } = onnxProto.onnx;
type Node = onnxProto.onnx.INodeProto;

type Shape = readonly number[];

/** What an ONNX file costs, found from its nodes and the shapes of its inputs and weights alone. */
export interface OnnxCounts {
  readonly macs: bigint;
  readonly flops: bigint;
  readonly parameters: bigint;
  readonly buffers: bigint;
  readonly outputs: Readonly<Record<string, Shape>>;
}

/** Walks an emitted model. Formulas and shape rules are written here once more, for ONNX's operators. */
export function countOnnx(bytes: Uint8Array): OnnxCounts {
  const { graph } = ModelProto.decode(bytes);
  const shapes = new Map<string, Shape>();
  const integers = new Map<string, Shape>();
  const weights = new Set<string>();
  const buffers = new Set<string>();
  for (const { name, dims, rawData, dataType } of graph?.initializer ?? []) {
    const shape = (dims ?? []).map(Number);
    shapes.set(name ?? "", shape);
    if (!(name ?? "").startsWith("constant/")) weights.add(name ?? "");
    if (dataType === 7 && rawData) {
      const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
      integers.set(
        name ?? "",
        Array.from({ length: rawData.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true))),
      );
    }
  }
  for (const { name, type } of graph?.input ?? []) {
    shapes.set(
      name ?? "",
      (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue)),
    );
  }
  let [macs, flops] = [0n, 0n];
  for (const node of graph?.node ?? []) {
    const inputs = (node.input ?? []).map((name) => shapes.get(name) ?? []);
    const values = (node.input ?? []).map((name) => integers.get(name) ?? []);
    const results = infer(node, inputs, values);
    (node.output ?? []).forEach((name, index) => {
      shapes.set(name, results[index] ?? []);
    });
    if (node.opType === "BatchNormalization")
      for (const name of node.input?.slice(3) ?? []) buffers.add(name);
    const isWeight = (index: number) => weights.has(node.input?.[index] ?? "");
    const cost = costOf(node, inputs, results[0] ?? [], isWeight);
    macs += cost.macs;
    flops += cost.flops;
  }
  const valuesOf = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + count(shapes.get(name) ?? []), 0n);
  return {
    macs,
    flops,
    parameters: valuesOf(weights) - valuesOf(buffers),
    buffers: valuesOf(buffers),
    outputs: Object.fromEntries(
      (graph?.output ?? []).map(({ name }) => [name ?? "", shapes.get(name ?? "") ?? []]),
    ),
  };
}

function count(shape: Shape): bigint {
  return shape.reduce((product, size) => product * BigInt(size), 1n);
}

function ints(node: Node, name: string): Shape | undefined {
  return node.attribute?.find((attribute) => attribute.name === name)?.ints?.map(Number);
}

function int(node: Node, name: string): number | undefined {
  const value = node.attribute?.find((attribute) => attribute.name === name)?.i;
  return value === undefined || value === null ? undefined : Number(value);
}

function costOf(node: Node, inputs: readonly Shape[], output: Shape, isWeight: (index: number) => boolean) {
  const [first = [], second = []] = inputs;
  const perElement = (each: number) => ({ macs: 0n, flops: BigInt(each) * count(output) });
  const products = (macs: bigint) => {
    const bias = inputs.length === 3 ? count(output) : 0n;
    return { macs, flops: 2n * macs + bias };
  };
  switch (node.opType) {
    case "Conv":
      return products(count(output) * count(second.slice(1)));
    case "ConvTranspose":
      return products(count(first) * count(second.slice(1)));
    case "MatMul":
      return {
        macs: count(output) * BigInt(first.at(-1) ?? 0),
        flops: 2n * count(output) * BigInt(first.at(-1) ?? 0),
      };
    case "InstanceNormalization":
    case "LayerNormalization":
      return perElement(isWeight(1) ? 5 : 4);
    case "BatchNormalization":
      return perElement(2);
    case "Softmax":
      return perElement(5);
    case "MaxPool":
    case "AveragePool":
      return perElement(Number(count(ints(node, "kernel_shape") ?? [])));
    case "Relu":
    case "LeakyRelu":
    case "Elu":
    case "Gelu":
    case "Sigmoid":
    case "Tanh":
    case "Neg":
    case "Reciprocal":
    case "Add":
    case "Sub":
    case "Mul":
    case "Div":
      return perElement(1);
    case "Transpose":
    case "Reshape":
    case "Squeeze":
    case "Unsqueeze":
    case "Identity":
    case "Expand":
    case "Split":
    case "Pad":
    case "Slice":
    case "Concat":
      return { macs: 0n, flops: 0n };
    default:
      throw new Error(`no formula for ${node.opType}`);
  }
}

function infer(node: Node, inputs: readonly Shape[], values: readonly Shape[]): readonly Shape[] {
  const [first = [], second = []] = inputs;
  const [, given = []] = values;
  const spatial = (size: (length: number, axis: number) => number) => first.slice(2).map(size);
  const pads = ints(node, "pads") ?? [];
  const at = (list: Shape | undefined, axis: number, usual: number) => list?.[axis] ?? usual;
  switch (node.opType) {
    case "Conv":
    case "MaxPool":
    case "AveragePool": {
      const kernel = ints(node, "kernel_shape") ?? [];
      const sizes = spatial((length, axis) => {
        const reach = at(ints(node, "dilations"), axis, 1) * ((kernel[axis] ?? 1) - 1) + 1;
        const room = length + at(pads, axis, 0) + at(pads, axis + kernel.length, 0) - reach;
        return Math.floor(room / at(ints(node, "strides"), axis, 1)) + 1;
      });
      return [[first[0] ?? 0, (node.opType === "Conv" ? second[0] : first[1]) ?? 0, ...sizes]];
    }
    case "ConvTranspose": {
      const kernel = ints(node, "kernel_shape") ?? [];
      const sizes = spatial((length, axis) => {
        const stride = at(ints(node, "strides"), axis, 1);
        const padded = at(pads, axis, 0) + at(pads, axis + kernel.length, 0);
        return (
          (length - 1) * stride - padded + (kernel[axis] ?? 1) + at(ints(node, "output_padding"), axis, 0)
        );
      });
      return [[first[0] ?? 0, (second[1] ?? 0) * (int(node, "group") ?? 1), ...sizes]];
    }
    case "MatMul": {
      const batch = broadcast(first.slice(0, -2), second.slice(0, -2));
      return [[...batch, first.at(-2) ?? 0, second.at(-1) ?? 0]];
    }
    case "Transpose":
      return [(ints(node, "perm") ?? []).map((axis) => first[axis] ?? 0)];
    case "Reshape":
    case "Expand":
      return [given];
    case "Squeeze":
      return [first.filter((_, axis) => !given.includes(axis))];
    case "Unsqueeze": {
      const shape = [...first];
      for (const axis of [...given].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
      return [shape];
    }
    case "Split":
      return given.map((size) => first.map((other, axis) => (axis === int(node, "axis") ? size : other)));
    case "Pad":
      return [first.map((size, axis) => size + at(given, axis, 0) + at(given, axis + first.length, 0))];
    case "Slice": {
      const [, starts = [], ends = [], axes = []] = values;
      return [
        first.map((size, axis) => {
          const place = axes.indexOf(axis);
          return place < 0 ? size : at(ends, place, size) - at(starts, place, 0);
        }),
      ];
    }
    case "Concat": {
      const along = int(node, "axis") ?? 0;
      return [
        first.map((size, axis) =>
          axis === along ? inputs.reduce((sum, shape) => sum + (shape[along] ?? 0), 0) : size,
        ),
      ];
    }
    case "Add":
    case "Sub":
    case "Mul":
    case "Div":
      return [broadcast(first, second)];
    default:
      return [first];
  }
}

function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    return left === 1 ? right : left;
  });
}
