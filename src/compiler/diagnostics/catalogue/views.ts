import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB3130 to 3149: views, slices and padding that do not fit. */

export const axisTaken = kind<{ operation: string; axis: string; type: string }>("SLAB3130", {
  title: ({ operation, axis }) => `${operation} would give the tensor two axes ${axis}`,
  notes: ({ type }) => [{ label: "found", text: type }],
  help: () => "give one of them another name",
});

export const partsDoNotDivide = kind<{
  axis: string;
  size: string;
  parts: number;
  type: string;
  /** The size, where it is known. */
  found: number | undefined;
}>("SLAB3131", {
  title: ({ axis, size, parts }) => `axis ${axis} of ${size} cannot be split into parts of ${parts}`,
  notes: ({ type }) => [{ label: "found", text: type }],
  help: ({ axis, parts, found }) => {
    if (found === undefined) return undefined;
    const [below, above] = [Math.floor(found / parts) * parts, Math.ceil(found / parts) * parts];
    const sizes = below > 0 ? `${below} and ${above} can` : `${above} can`;
    return `${sizes}; Pad(${axis}: (0, ${above - found})) before it makes it ${above}`;
  },
});

export const partsDiffer = kind<{
  axis: string;
  size: string;
  parts: readonly { readonly name: string; readonly size: string }[];
  product: string;
  type: string;
}>("SLAB3132", {
  title: ({ axis, size, product }) => `the parts of ${axis} make ${product}, but it has ${size}`,
  notes: ({ parts, type }) => [
    { label: "parts", text: parts.map((part) => `${part.name}: ${part.size}`).join(", ") },
    { label: "found", text: type },
  ],
  help: ({ parts }) =>
    parts.length > 1 ? `leave the size of one part out, and it is what the others leave` : undefined,
});

export const openParts = kind<{ axis: string; open: readonly string[] }>("SLAB3133", {
  title: ({ axis, open }) =>
    `the sizes of ${alternatives(open, "and")} cannot both follow from that of ${axis}`,
  help: () => "all parts but one have a size: split(x: (gx, wx: 7))",
});

export const openPartUnknown = kind<{ part: string; size: string; others: string; type: string }>(
  "SLAB3134",
  {
    title: ({ part, size, others }) =>
      `${part} would be ${size} / ${/[ *]/.test(others) ? `(${others})` : others}, and ${others} is not known yet`,
    notes: ({ type }) => [{ label: "found", text: type }],
    help: ({ part }) => `give ${part} its size, or the input's axes theirs with --tile`,
  },
);

export const emptyGroup = kind<{ operation: string; axis: string; part: string; size: string }>("SLAB3135", {
  title: ({ operation, part, size }) => `${operation}: ${part} cannot be ${size}`,
  notes: ({ part }) => [{ label: "expected", text: `${part} from 1` }],
});

export const sizedMergePart = kind<{ axis: string; part: string }>("SLAB3136", {
  title: ({ part }) => `${part} has its size already`,
  help: ({ axis, part }) =>
    `merge takes names alone, as in merge(${axis}: (${part}, …)); split is what gives sizes`,
});

export const mergedTwice = kind<{ axis: string }>("SLAB3137", {
  title: ({ axis }) => `axis ${axis} is merged twice`,
});

export const sliceBeyond = kind<{
  axis: string;
  position: string;
  last: string;
  type: string;
  byOne: boolean;
}>("SLAB3138", {
  title: ({ axis, position }) => `there is no position ${position} along ${axis}`,
  notes: ({ axis, last, type }) => [
    { label: "found", text: type },
    {
      label: "expected",
      text: last === "0" ? `position 0 of ${axis}` : `positions of ${axis} from 0 to ${last}`,
    },
  ],
  help: ({ byOne }) => (byOne ? "a..b keeps b as well; a..<b ends before it" : undefined),
});

export const sliceEmpty = kind<{ axis: string; first: string; end: string; type: string }>("SLAB3139", {
  title: ({ axis, first, end }) =>
    `this keeps nothing of ${axis}: it begins at ${first} and ends before ${end}`,
  notes: ({ type }) => [{ label: "found", text: type }],
  help: () => "a slice runs upwards and keeps at least one position",
});

export const slicedTwice = kind<{ axis: string }>("SLAB3140", {
  title: ({ axis }) => `axis ${axis} is sliced twice`,
});

export const paddingBeyond = kind<{
  axis: string;
  mode: string;
  padding: number;
  size: string;
  largest: string;
  type: string;
}>("SLAB3141", {
  title: ({ axis, mode, padding, size }) =>
    `Pad: ${mode} cannot fill ${padding} from the ${size} elements of axis ${axis}`,
  notes: ({ type, axis, largest }) => [
    { label: "found", text: type },
    { label: "expected", text: `at most ${largest} on each side of ${axis}` },
  ],
});

export const valueWithoutUse = kind<{ mode: string }>("SLAB3142", {
  title: ({ mode }) => `Pad takes no value with the mode ${JSON.stringify(mode)}`,
  help: () => 'a value is what "constant", the mode without any other given, fills with',
});

export const sizeTooLarge = kind<{ operation: string }>("SLAB3143", {
  title: ({ operation }) => `${operation} makes an axis too large to be counted exactly`,
  notes: () => [{ label: "expected", text: `at most ${Number.MAX_SAFE_INTEGER} elements along an axis` }],
});
