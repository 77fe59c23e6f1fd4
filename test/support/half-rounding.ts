import onnxProto from "onnx-proto";

const { AttributeProto, ModelProto, NodeProto, TensorProto } = onnxProto.onnx;
const { FLOAT, FLOAT16 } = TensorProto.DataType;
type OnnxNode = onnxProto.onnx.INodeProto;
type OnnxTensor = onnxProto.onnx.ITensorProto;

/**
 * A float16 model as a float32 one that rounds every result to float16, as a device does that adds up in float32. ONNX
 * Runtime's CPU, which has no float16 for most operators, keeps float32 from one to the next and would agree better than a
 * card does.
 */
export function roundingHalves(bytes: Uint8Array): Uint8Array {
  const model = ModelProto.decode(bytes);
  const graph = model.graph;
  if (!graph) throw new Error("a model without a graph");
  const halves = new Set<string>();
  graph.initializer = (graph.initializer ?? []).map((tensor) => {
    if (tensor.dataType !== FLOAT16) return tensor;
    halves.add(tensor.name ?? "");
    return widened(tensor);
  });
  graph.node = (graph.node ?? []).flatMap((node) => {
    const [inputs, outputs] = [node.input ?? [], node.output ?? []];
    const casts = node.opType === "Cast";
    const to = casts ? Number(node.attribute?.[0]?.i) : undefined;
    const gives = casts ? to === FLOAT16 : inputs.some((name) => halves.has(name));
    if (!gives) return [node];
    for (const name of outputs) halves.add(name);
    const exact = outputs.map((name) => `${name}/exact`);
    const computed = casts
      ? { ...node, opType: "Identity", attribute: [], output: exact }
      : { ...node, output: exact };
    return [
      NodeProto.create(computed),
      ...outputs.flatMap((name) => [
        castNode(`${name}/exact`, `${name}/half`, FLOAT16),
        castNode(`${name}/half`, name, FLOAT),
      ]),
    ];
  });
  for (const { type } of graph.valueInfo ?? [])
    if (type?.tensorType?.elemType === FLOAT16) type.tensorType.elemType = FLOAT;
  return ModelProto.encode(model).finish();
}

function castNode(from: string, to: string, type: number): OnnxNode {
  const attribute = [{ name: "to", type: AttributeProto.AttributeType.INT, i: type }];
  return NodeProto.create({ name: `${from}/cast`, opType: "Cast", input: [from], output: [to], attribute });
}

function widened(tensor: OnnxTensor): OnnxTensor {
  const raw = tensor.rawData ?? new Uint8Array();
  const halves = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = new Float32Array(raw.byteLength / 2);
  values.forEach((_, index) => {
    values[index] = fromHalf(halves.getUint16(2 * index, true));
  });
  return TensorProto.create({ ...tensor, dataType: FLOAT, rawData: new Uint8Array(values.buffer) });
}

/** IEEE 754 binary16 to a number, by its definition. */
export function fromHalf(half: number): number {
  const [exponent, fraction] = [(half >>> 10) & 31, half & 1023];
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
