import { invariant, known } from "../support/invariant.js";

/**
 * How a view lays out its input's elements anew without changing any. The input is read as having more axes, its parts;
 * these are reordered, and neighbours among them become the axes of the output. Parts of size 1 say nothing and are left
 * out, so an axis may have no part at all.
 */
export interface ViewLayout {
  /** For each axis of the input, the sizes of its parts, outermost first. */
  readonly parts: readonly (readonly number[])[];
  /** For each axis of the output, its parts, outermost first, as positions among the parts of all input axes. */
  readonly output: readonly (readonly number[])[];
}

/** The steps that make a layout, in order: another shape, another order of axes, another shape; each only if needed. */
export interface ViewSteps {
  readonly parted?: readonly number[];
  readonly order?: readonly number[];
  readonly shape?: readonly number[];
}

/** A layout in its normal form: without parts of size 1, and without cuts between parts that stay together. */
export function viewLayout({ parts, output }: ViewLayout): ViewLayout {
  const sizes = parts.flat();
  const joined = new Set<number>();
  const axisOf = parts.flatMap((axis, index) => axis.map(() => index));
  const kept = output.map((axis) => axis.filter((part) => sizes[part] !== 1));
  for (const axis of kept) {
    for (const [index, part] of axis.entries()) {
      const previous = axis[index - 1];
      if (previous === undefined || axisOf[previous] !== axisOf[part]) continue;
      const between = sizes.slice(previous + 1, part);
      if (previous < part && between.every((size) => size === 1)) joined.add(part);
    }
  }
  const place = new Map<number, number>();
  let next = 0;
  const merged = parts.map((): number[] => []);
  for (const [part, size] of sizes.entries()) {
    if (size === 1) continue;
    const own = known(merged[known(axisOf[part], "axis of a part")], "parts of an axis");
    if (joined.has(part)) {
      own.push(known(own.pop(), "part before") * size);
    } else {
      place.set(part, next);
      next += 1;
      own.push(size);
    }
  }
  const order = kept.map((axis) =>
    axis.filter((part) => !joined.has(part)).map((part) => known(place.get(part), "place of a part")),
  );
  invariant(order.flat().length === next, "a view leaves elements out");
  return { parts: merged, output: order };
}

/** The one view that does what two do one after the other, or undefined where their parts do not line up. */
export function composeViews(first: ViewLayout, second: ViewLayout): ViewLayout | undefined {
  const sizes = first.parts.flat();
  const finer: (readonly number[])[] = sizes.map((size) => [size]);
  /** For each part of the second view, what it consists of: places in the finer parts of the first. */
  const pieces: (readonly { readonly part: number; readonly place: number }[])[] = [];
  for (const [axis, wanted] of second.parts.entries()) {
    const own = known(first.output[axis], "an axis between two views");
    const cuts = commonCuts(
      own.map((part) => known(sizes[part], "size of a part")),
      wanted,
    );
    if (!cuts) return undefined;
    const places = own.flatMap((part, index) => {
      const cut = known(cuts.left[index], "cut");
      finer[part] = cut;
      return cut.map((_, place) => ({ part, place }));
    });
    for (const group of cuts.right) pieces.push(places.splice(0, group.length));
  }
  const starts: number[] = [];
  let count = 0;
  for (const group of finer) {
    starts.push(count);
    count += group.length;
  }
  let next = 0;
  const parts = first.parts.map((axis) => axis.flatMap(() => known(finer[next++], "finer parts")));
  const output = second.output.map((axis) =>
    axis.flatMap((part) =>
      known(pieces[part], "pieces").map((piece) => known(starts[piece.part], "start") + piece.place),
    ),
  );
  return viewLayout({ parts, output });
}

interface Cuts {
  readonly left: readonly (readonly number[])[];
  readonly right: readonly (readonly number[])[];
}

/** Two factorizations of one number cut into the same factors, or undefined where their boundaries cross. */
function commonCuts(left: readonly number[], right: readonly number[]): Cuts | undefined {
  const cuts = { left: left.map((): number[] => []), right: right.map((): number[] => []) };
  let [i, j] = [left.length - 1, right.length - 1];
  let [a, b] = [left[i] ?? 1, right[j] ?? 1];
  while (i >= 0 && j >= 0) {
    const size = Math.min(a, b);
    if (a % size !== 0 || b % size !== 0) return undefined;
    known(cuts.left[i], "cut").unshift(size);
    known(cuts.right[j], "cut").unshift(size);
    a /= size;
    b /= size;
    if (a === 1) a = left[--i] ?? 1;
    if (b === 1) b = right[--j] ?? 1;
  }
  invariant(i < 0 && j < 0, `${left} and ${right} are not the same size`);
  return cuts;
}

/** What has to be done to a tensor for a layout. */
export function viewSteps(
  { parts, output }: ViewLayout,
  input: readonly number[],
  shape: readonly number[],
): ViewSteps {
  const sizes = parts.flat();
  const flat = output.flat();
  if (flat.every((part, index) => index === 0 || part > (flat[index - 1] as number))) {
    return sameShape(input, shape) ? {} : { shape };
  }
  // Where no axis is cut, the axes themselves are reordered, those of size 1 with them.
  const isWhole = parts.every((axis) => axis.length <= 1) && output.every((axis) => axis.length <= 1);
  if (isWhole && input.length === shape.length) {
    const sources = parts.flatMap((axis, index) => axis.map(() => index));
    const ones = input.flatMap((size, index) => (size === 1 ? [index] : []));
    const order = output.map((axis) =>
      known(axis[0] === undefined ? ones.shift() : sources[axis[0]], "source of an axis"),
    );
    return { order };
  }
  const ordered = flat.map((part) => known(sizes[part], "size of a part"));
  return {
    ...(sameShape(sizes, input) ? {} : { parted: sizes }),
    order: flat,
    ...(sameShape(ordered, shape) ? {} : { shape }),
  };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, index) => size === b[index]);
}
