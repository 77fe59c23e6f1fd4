import { argumentOutOfRange } from "../diagnostics/catalogue/shapes.js";
import { paddingBeyond, valueWithoutUse } from "../diagnostics/catalogue/views.js";
import type { AxisArgument, Operation } from "../graph/operation.js";
import { addSizes, constantSize, evaluateSize, showSize, subtractSizes } from "../graph/size.js";
import { axisIndex, findAxis, showType, withAxisSize } from "../graph/tensor.js";
import { known } from "../support/invariant.js";
import { axisArgumentsOf, checkedFloat, largestInteger, numberOf, stringOf } from "./attributes.js";
import { inputType, nodeInputType, requireAxisArguments } from "./axes.js";
import { free } from "./costs.js";
import { moved, rolled } from "./reach.js";

const name = "Pad";
const largestFloat32 = 3.4028234663852886e38;

/** Makes axes longer on both sides, PyTorch's pad. */
export const pad: Operation = {
  name,
  documentation:
    "Makes axes longer.\n\n" +
    "`Pad(x: 1, y: (0, 2))` adds one element before and after x, and two after y. They are `value` with the mode " +
    '"constant"; the first and the last element with "edge"; what lies inside, mirrored at the first and last element, ' +
    'with "reflect" (less than the size on each side); what stands at the other end with "wrap" (at most the size).\n\n' +
    "MACs and FLOPs: none. ONNX: Pad.",
  inputs: { minimum: 1, maximum: 1 },
  arguments: [
    {
      name: "mode",
      type: "string",
      documentation: "Where the new elements come from.",
      default: "constant",
      choices: ["constant", "edge", "reflect", "wrap"],
    },
    {
      name: "value",
      type: "float",
      optional: true,
      documentation: 'What is filled in with the mode "constant"; 0 where it is not given.',
    },
  ],
  axisArguments: {
    kind: "pair",
    minimum: 1,
    documentation: "Elements before and after; one integer stands for both.",
  },

  infer(context) {
    const mode = stringOf(context.attributes, "mode");
    if (context.attributes.value !== undefined) {
      if (mode !== "constant") context.refuse(valueWithoutUse, { mode }, "value");
      checkedFloat(context, name, "value", -largestFloat32, largestFloat32);
    }
    let output = inputType(context);
    for (const argument of requireAxisArguments(context, pad)) {
      const { axis } = argument;
      const amounts = amountsOf(argument);
      const wrong = amounts.find((amount) => amount < 0 || amount > largestInteger);
      if (wrong !== undefined) {
        const expected = `from 0 to ${largestInteger}`;
        const help = wrong < 0 ? `a slice makes an axis shorter: [${axis}: 1..]` : undefined;
        const args = {
          operation: name,
          argument: axis,
          found: String(wrong),
          expected,
          ...(help ? { help } : {}),
        };
        context.refuse(argumentOutOfRange, args, axis);
      }
      const { size } = known(findAxis(output, axis), axis);
      const most = Math.max(...amounts);
      if (most > 0 && (mode === "reflect" || mode === "wrap")) {
        const spare = mode === "reflect" ? 1 : 0;
        const relation = { kind: "at-least" as const, size, minimum: most + spare };
        context.require(relation, paddingBeyond, (bindings) => ({
          axis,
          mode,
          padding: most,
          size: showSize(size, bindings),
          largest: showSize(subtractSizes(size, constantSize(spare)), bindings),
          type: showType(inputType(context), bindings),
        }));
      }
      output = withAxisSize(output, axis, addSizes(size, constantSize(amounts[0] + amounts[1])));
    }
    return { output };
  },

  cost: () => free,

  reach(node, _input, bindings) {
    const type = nodeInputType(node);
    const wraps = stringOf(node.attributes, "mode") === "wrap";
    const reaches = axisArgumentsOf(node.attributes).map((argument) => {
      const { axis } = argument;
      const [before] = amountsOf(argument);
      // Borders that repeat or mirror what is near them are borders like any other; those that wrap bring what is far.
      if (!wraps) return [axis, moved(axis, 0 - before)];
      const size = evaluateSize(known(findAxis(type, axis), axis).size, bindings);
      return [axis, rolled(axis, before, size)];
    });
    return Object.fromEntries(reaches);
  },

  lower(node, onnx) {
    const type = nodeInputType(node);
    const mode = stringOf(node.attributes, "mode");
    const given = axisArgumentsOf(node.attributes).filter((argument) => Math.max(...amountsOf(argument)) > 0);
    if (given.length === 0) return onnx.input(0);
    const rank = type.axes.length;
    const pads = Array<number>(2 * rank).fill(0);
    for (const argument of given) {
      const [before, after] = amountsOf(argument);
      const axis = axisIndex(type, argument.axis);
      pads[axis] = before;
      pads[rank + axis] = after;
    }
    const value = node.attributes.value === undefined ? 0 : numberOf(node.attributes, "value");
    const filling = mode === "constant" && value !== 0 ? [onnx.float32([value], [])] : [];
    return onnx.node("Pad", [onnx.input(0), onnx.int64(pads), ...filling], { mode: { string: mode } })[0];
  },
};

/** How many elements come before and after. */
function amountsOf({ value }: AxisArgument): readonly [number, number] {
  return typeof value === "number" ? [value, value] : (value as readonly [number, number]);
}
