import onnxProto from "onnx-proto";
import { labelMapType } from "../../support/label-map.js";
import { littleEndianFloats, littleEndianIntegers } from "./tensors.js";

const { AttributeProto, TensorProto } = onnxProto.onnx;
const { FLOAT, INT64, UINT8, UINT16 } = TensorProto.DataType;

/** Scores that an ONNX graph computes. */
export interface Scores {
  /** The ONNX value that holds them, in float32. */
  readonly value: string;
  /** Which of its axes holds the classes, and how many those are. */
  readonly axis: number;
  readonly classes: number;
  /** What the score of a single class has to exceed. */
  readonly threshold: number;
}

/** What makes labels of scores, to be put after the nodes of an ONNX graph. */
export interface LabelNodes {
  readonly nodes: readonly onnxProto.onnx.INodeProto[];
  readonly constants: readonly onnxProto.onnx.ITensorProto[];
  readonly elementType: number;
}

/**
 * The class of each voxel's highest score, the first of equal ones; for a single class 1 where its score exceeds the
 * threshold. Where a score is NaN the label is `unknown` of `labelMapType`; so it is where scores are infinite both
 * ways, since their sum is NaN. Besides the scores only a sum and an index for each voxel are held.
 *
 * ONNX: ArgMax, ReduceSum, IsNaN, Where, Cast. On CUDA, ArgMax of nothing but negative infinity is no index (ONNX
 * Runtime, issue 31161): hence the comparison with the number of classes.
 *
 * @param output what the labels are called; other names have that in them
 */
export function labelNodes({ value, axis, classes, threshold }: Scores, output: string): LabelNodes {
  const nodes: onnxProto.onnx.INodeProto[] = [];
  const constants: onnxProto.onnx.ITensorProto[] = [];
  const node = (part: string, opType: string, input: string[], attributes: Record<string, number> = {}) => {
    const name = `${output}:${part}`;
    const attribute = Object.entries(attributes).map(([key, i]) => {
      return { name: key, type: AttributeProto.AttributeType.INT, i };
    });
    nodes.push({ name, opType, input, output: [name], attribute });
    return name;
  };
  const constant = (part: string, dataType: number, rawData: Uint8Array, dims: number[] = []) => {
    const name = `constant/${output}/${part}`;
    constants.push({ name, dataType, dims, rawData });
    return name;
  };
  const int64 = (part: string, number: number, dims?: number[]) =>
    constant(part, INT64, littleEndianIntegers([number]), dims);

  const { unknown, bytes } = labelMapType(classes);
  const sum = node("sum", "ReduceSum", [value, int64("axis", axis, [1])], { keepdims: 0 });
  let index: string;
  if (classes === 1) {
    const limit = constant("threshold", FLOAT, littleEndianFloats(Float32Array.of(threshold)));
    index = node("index", "Cast", [node("exceeds", "Greater", [sum, limit])], { to: INT64 });
  } else {
    const highest = node("highest", "ArgMax", [value], { axis, keepdims: 0, select_last_index: 0 });
    const isIndex = node("is_index", "Less", [highest, int64("classes", classes)]);
    index = node("index", "Where", [isIndex, highest, int64("first", 0)]);
  }
  const isUnknown = node("is_unknown", "IsNaN", [sum]);
  const label = node("label", "Where", [isUnknown, int64("unknown", unknown), index]);
  const elementType = bytes === 1 ? UINT8 : UINT16;
  nodes.push({
    name: `${output}:cast`,
    opType: "Cast",
    input: [label],
    output: [output],
    attribute: [{ name: "to", type: AttributeProto.AttributeType.INT, i: elementType }],
  });
  return { nodes, constants, elementType };
}
