import fc from "fast-check";
import type { Graph, Node, Value } from "../../../src/compiler/graph/graph.js";
import type { Attributes } from "../../../src/compiler/graph/operation.js";
import { constantSize } from "../../../src/compiler/graph/size.js";
import { graphOf, inputOf, nodeOf, operationOf } from "../ops/harness.js";

/** A part of a random network, as data: it becomes nodes when it is given sizes. */
export type Block =
  | { readonly kind: "operation"; readonly name: string; readonly attributes: Attributes }
  | { readonly kind: "residual"; readonly inner: readonly Block[] }
  | { readonly kind: "branches"; readonly first: readonly Block[]; readonly second: readonly Block[] }
  | {
      readonly kind: "levels";
      readonly stride: readonly number[];
      readonly kernel: readonly number[];
      readonly inner: readonly Block[];
    }
  | { readonly kind: "view"; readonly order: readonly string[]; readonly inner: readonly Block[] }
  /** Cuts an axis into windows, mixes what is in each of them, and puts them together. */
  | {
      readonly kind: "windows";
      readonly axis: string;
      readonly size: number;
      readonly mix: "convolution" | "mean";
    }
  /** Makes neighbours along an axis channels, and back. */
  | { readonly kind: "depth"; readonly axis: string; readonly size: number }
  | { readonly kind: "rolled"; readonly axis: string; readonly by: number; readonly inner: readonly Block[] }
  /** Keeps some of the channels, several times. */
  | { readonly kind: "channels"; readonly first: number };

/** Channels of every value, so that any two can be added. */
const channels = 4;

/** Blocks that leave the sizes as they are where those are divisible by the strides of their levels. */
export function blocks(axes: readonly string[], depth: number): fc.Arbitrary<readonly Block[]> {
  return fc.array(block(axes, depth), { minLength: 1, maxLength: 2 });
}

function extents(axes: readonly string[], minimum: number, maximum: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: minimum, max: maximum }), {
    minLength: axes.length,
    maxLength: axes.length,
  });
}

function block(axes: readonly string[], depth: number): fc.Arbitrary<Block> {
  const convolution = fc.tuple(extents(axes, 0, 1), extents(axes, 1, 3)).map(([halves, dilation]): Block => {
    const kernel = halves.map((half) => 2 * half + 1);
    return { kind: "operation", name: "Conv", attributes: { out: channels, kernel, dilation } };
  });
  const shift = fc
    .record({
      axis: fc.constantFrom(...axes),
      distance: fc.integer({ min: 1, max: 3 }),
      share: fc.constantFrom(2, 4),
    })
    .map(({ axis, distance, share }): Block => {
      const fold = { numerator: 1, denominator: share };
      return { kind: "operation", name: "Shift", attributes: { axis, distance, fold } };
    });
  const axis = fc.constantFrom(...axes);
  const windows = fc
    .record({
      axis,
      size: fc.integer({ min: 2, max: 3 }),
      mix: fc.constantFrom("convolution" as const, "mean" as const),
    })
    .map((parts): Block => ({ kind: "windows", ...parts }));
  const neighbours = fc
    .record({ axis, size: fc.integer({ min: 2, max: 3 }) })
    .map((parts): Block => ({ kind: "depth", ...parts }));
  const some = fc.integer({ min: 0, max: 2 }).map((first): Block => ({ kind: "channels", first }));
  const simple = [convolution, shift, windows, neighbours, some];
  if (depth === 0) return fc.oneof(...simple);
  const inner = blocks(axes, depth - 1);
  const residual = inner.map((own): Block => ({ kind: "residual", inner: own }));
  const branches = fc
    .tuple(inner, inner)
    .map(([first, second]): Block => ({ kind: "branches", first, second }));
  const levels = fc
    .tuple(extents(axes, 1, 3), extents(axes, 0, 1), inner)
    .map(([stride, wider, own]): Block => {
      const kernel = stride.map((step, axis) => step + 2 * (wider[axis] as number));
      return { kind: "levels", stride, kernel, inner: own };
    });
  const roles = ["s", "h", "w"].slice(0, axes.length);
  const view = fc
    .tuple(fc.shuffledSubarray([...axes], { minLength: axes.length }), blocks(roles, depth - 1))
    .map(([order, own]): Block => ({ kind: "view", order, inner: own }));
  const rolled = fc
    .record({ axis, by: fc.integer({ min: -3, max: 3 }), inner })
    .map((parts): Block => ({ kind: "rolled", ...parts }));
  return fc.oneof(...simple, residual, branches, levels, rolled, ...(axes[0] === "s" ? [] : [view]));
}

const resizing = ["Conv", "ConvTranspose", "MaxPool", "AvgPool"];

/** Operations that change sizes as they like, for the end of a network. */
export function ending(axes: readonly string[], names = resizing): fc.Arbitrary<readonly Block[]> {
  const window = fc
    .record({
      kernel: extents(axes, 1, 4),
      stride: extents(axes, 1, 3),
      dilation: extents(axes, 1, 2),
      padding: extents(axes, 0, 2),
    })
    .map(
      (attributes): Block => ({
        kind: "operation",
        name: "Conv",
        attributes: { out: channels, ...attributes },
      }),
    );
  const transposed = fc
    .record({ kernel: extents(axes, 1, 4), stride: extents(axes, 1, 3), padding: extents(axes, 0, 1) })
    .map(
      (attributes): Block => ({
        kind: "operation",
        name: "ConvTranspose",
        attributes: { out: channels, ...attributes },
      }),
    );
  const pool = fc
    .record({
      name: fc.constantFrom("MaxPool", "AvgPool"),
      kernel: extents(axes, 2, 3),
      stride: extents(axes, 1, 3),
      padding: extents(axes, 0, 1),
    })
    .map(({ name, ...attributes }): Block => ({ kind: "operation", name, attributes }));
  const any = fc.oneof(window, transposed, pool);
  return fc.array(
    any.filter((each) => each.kind === "operation" && names.includes(each.name)),
    { maxLength: 2 },
  );
}

/**
 * Makes a network of blocks over an input of these sizes; an axis without a size is open. With `bias`, its convolutions
 * have some.
 */
export function networkOf(blocks: readonly Block[], type: string, bias = false): Graph {
  const input = inputOf("volume", type);
  const nodes: Node[] = [];
  const apply = (name: string, inputs: readonly Value[], attributes: Attributes = {}): Node => {
    const all = name.startsWith("Conv") ? { bias, ...attributes } : attributes;
    const node = nodeOf(`node${nodes.length}`, operationOf(name), inputs, all);
    nodes.push(node);
    return node;
  };
  const parts = (...names: readonly (string | readonly [string, number])[]) =>
    names.map((part) =>
      typeof part === "string" ? { name: part } : { name: part[0], size: constantSize(part[1]) },
    );
  const chain = (value: Value, own: readonly Block[]): Value => own.reduce(one, value);
  const one = (value: Value, each: Block): Value => {
    switch (each.kind) {
      case "operation":
        return apply(each.name, [value], each.attributes);
      case "residual":
        return apply("add", [value, chain(value, each.inner)]);
      case "branches":
        return apply(
          "Conv",
          [apply("concat", [chain(value, each.first), chain(value, each.second)], { along: "c" })],
          {
            out: channels,
            kernel: 1,
          },
        );
      case "levels": {
        const padding = each.kernel.map((size, axis) => (size - (each.stride[axis] as number)) / 2);
        const attributes = { out: channels, kernel: each.kernel, stride: each.stride, padding };
        const inner = chain(apply("Conv", [value], attributes), each.inner);
        return apply("add", [value, apply("ConvTranspose", [inner], attributes)]);
      }
      case "windows": {
        const { axis, size } = each;
        const cut = apply("split", [value], { axes: [{ axis, value: parts("g", ["i", size]) }] });
        const spatial = cut.type.axes.map(({ name }) => name).filter((name) => name !== "n" && name !== "c");
        const kernel = spatial.map((name) => (name === "i" ? 3 : 1));
        const mixed =
          each.mix === "mean"
            ? apply("add", [cut, apply("Mean", [cut], { axes: ["i"] })])
            : apply("Conv", [cut], { out: channels, kernel });
        return apply("merge", [mixed], { axes: [{ axis, value: parts("g", "i") }] });
      }
      case "depth": {
        const { axis, size } = each;
        const cut = apply("split", [value], { axes: [{ axis, value: parts(axis, ["i", size]) }] });
        const deep = apply("merge", [cut], { axes: [{ axis: "c", value: parts("c", "i") }] });
        const mixed = apply("Conv", [deep], { out: channels * size, kernel: 1 });
        const back = apply("split", [mixed], { axes: [{ axis: "c", value: parts("c", ["i", size]) }] });
        return apply("merge", [back], { axes: [{ axis, value: parts(axis, "i") }] });
      }
      case "rolled": {
        const { axis, by } = each;
        const inner = chain(apply("Roll", [value], { axes: [{ axis, value: by }] }), each.inner);
        return apply("Roll", [inner], { axes: [{ axis, value: -by }] });
      }
      case "channels": {
        const half = constantSize(channels / 2);
        const range = { axis: "c", first: constantSize(each.first), count: half };
        const kept = apply("slice", [value], { ranges: [range] });
        return apply("repeat", [kept], { axes: [{ axis: "c", value: 2 }] });
      }
      case "view": {
        const names = ["s", "h", "w"].slice(0, each.order.length);
        const seen = apply("rearrange", [value], {
          axes: ["n", "c", ...each.order],
          names: ["n", "c", ...names],
        });
        const own = value.type.axes.map(({ name }) => name);
        const roles = own.map((name) => names[each.order.indexOf(name)] ?? name);
        return apply("rearrange", [chain(seen, each.inner)], { axes: roles, names: own });
      }
    }
  };
  const first = apply("Conv", [input], { out: channels, kernel: 1 });
  const result = chain(first, blocks);
  return graphOf([input], nodes, { result });
}
