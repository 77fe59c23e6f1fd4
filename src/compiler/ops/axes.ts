import { noSuchAxis, nothingLeft, sizeNotKnown, wrongKernelAxes } from "../diagnostics/catalogue/shapes.js";
import type { Node } from "../graph/graph.js";
import type { AxisArgument, Operation, ShapeContext } from "../graph/operation.js";
import { evaluateSize, type Size, showSize } from "../graph/size.js";
import { type Axis, findAxis, showType, spatialAxes, type TensorType } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { suggestions } from "../support/suggest.js";
import { axisArgumentsOf } from "./attributes.js";

/** The type of an operation's input; how many there are was checked before. */
export function inputType(context: ShapeContext, index = 0): TensorType {
  return known(context.inputs[index], `type of input ${index}`);
}

export function nodeInputType(node: Node, index = 0): TensorType {
  return known(node.inputs[index], `input ${index} of ${node.name}`).type;
}

/** The axis of an input with a name, which the call is refused without. */
export function requireAxis(context: ShapeContext, name: string, argument?: string): Axis {
  const type = inputType(context);
  const axis = findAxis(type, name);
  if (axis) return axis;
  const axes = type.axes.map((candidate) => candidate.name);
  return context.refuse(noSuchAxis, { axis: name, type: showType(type, context.bindings), axes }, argument);
}

/** Refuses arguments under the names of axes that the input does not have; a misspelt argument is taken for one. */
export function requireAxisArguments(context: ShapeContext, operation: Operation): readonly AxisArgument[] {
  const given = axisArgumentsOf(context.attributes);
  const type = inputType(context);
  for (const { axis } of given) {
    if (findAxis(type, axis)) continue;
    const axes = type.axes.map((candidate) => candidate.name);
    const words = operation.arguments.map(({ name }) => name);
    const [suggestion] = suggestions(axis, words);
    const args = {
      axis,
      type: showType(type, context.bindings),
      axes,
      ...(suggestion ? { suggestion } : {}),
    };
    context.refuse(noSuchAxis, args, axis);
  }
  return given;
}

/** The number of channels, for operations whose weights depend on it. */
export function requireChannels(context: ShapeContext, operation: string, reason: string): number {
  return requireKnownSize(context, operation, "c", reason);
}

/** The size of an axis, for operations whose weights depend on it. */
export function requireKnownSize(
  context: ShapeContext,
  operation: string,
  axis: string,
  reason: string,
): number {
  const size = evaluateSize(requireAxis(context, axis).size, context.bindings);
  if (size !== undefined) return size;
  const type = showType(inputType(context), context.bindings);
  return context.refuse(sizeNotKnown, { operation, axis, type, reason });
}

/** The axes besides n and c, of which there must be `minimum` to `maximum`; n and c must be there too. */
export function requireSpatialAxes(
  context: ShapeContext,
  operation: string,
  minimum: number,
  maximum?: number,
): readonly Axis[] {
  requireAxis(context, "n");
  requireAxis(context, "c");
  const type = inputType(context);
  const spatial = spatialAxes(type);
  if (spatial.length < minimum || (maximum !== undefined && spatial.length > maximum)) {
    const axes = spatial.map(({ name }) => name);
    const shown = showType(type, context.bindings);
    context.refuse(wrongKernelAxes, { operation, axes, type: shown, minimum, maximum });
  }
  return spatial;
}

/** States that an output axis has at least one element. */
export function requireSomeLeft(context: ShapeContext, operation: string, axis: string, size: Size): void {
  context.require({ kind: "at-least", size, minimum: 1 }, nothingLeft, (bindings) => ({
    operation,
    axis,
    input: showType(inputType(context), bindings),
    size: showSize(size, bindings),
  }));
}

/** The inputs of a call as a message shows them, one line each. */
export function shownOperands(
  context: ShapeContext,
  bindings = context.bindings,
): readonly { name: string; type: string }[] {
  return context.inputs.map((type, index) => ({
    name: context.inputNames[index] ?? `operand ${index + 1}`,
    type: showType(type, bindings),
  }));
}
