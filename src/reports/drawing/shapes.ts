import {
  type Axis,
  evaluateSize,
  type Graph,
  type Size,
  showSize,
  type TensorType,
} from "../../compiler/index.js";

type Bindings = Graph["bindings"];

/** Whether two types have the same axes, in order, of the same sizes. */
export function sameType(a: TensorType, b: TensorType): boolean {
  if (a === b) return true;
  return (
    a.axes.length === b.axes.length &&
    a.axes.every(({ name, size }, index) => {
      const other = b.axes[index] as Axis;
      return name === other.name && showSize(size) === showSize(other.size);
    })
  );
}

/** A type without its batch, as it stands beside an arrow: `32 × 128³`, `64 × 8·112·112`, `32 × (x, y, z)/2`. */
export function shapeText({ axes }: TensorType, bindings: Bindings): string {
  const channels = axes.find(({ name }) => name === "c");
  const others = axes.filter(({ name }) => name !== "n" && name !== "c");
  const parts = [
    ...(channels ? [sizeText(channels.size, bindings)] : []),
    ...(others.length > 0 ? [extentText(others, bindings)] : []),
  ];
  return parts.length > 0 ? parts.join(" × ") : "1";
}

const exponents = ["", "", "²", "³"];

function extentText(axes: readonly Axis[], bindings: Bindings): string {
  const sizes = axes.map(({ size }) => evaluateSize(size, bindings));
  if (sizes.every((size) => size !== undefined)) {
    const isCube = sizes.length > 1 && sizes.length < exponents.length && new Set(sizes).size === 1;
    return isCube ? `${sizes[0]}${exponents[sizes.length]}` : sizes.join("·");
  }
  const ratios = axes.map(({ size }) => openRatio(size, bindings));
  const [first] = ratios;
  const isUniform = first !== undefined && ratios.every((ratio) => ratio?.shown === first.shown);
  if (isUniform) {
    const names = axes.map(({ name }) => name).join(", ");
    return `${axes.length > 1 ? `(${names})` : names}${first.shown}`;
  }
  return axes
    .map(({ name, size }, index) => {
      const ratio = ratios[index];
      return ratio ? `${name}${ratio.shown}` : sizeText(size, bindings);
    })
    .join("·");
}

function sizeText(size: Size, bindings: Bindings): string {
  return String(evaluateSize(size, bindings) ?? showSize(size, bindings));
}

/** Numbers with many divisors: halving sizes as often as networks do leaves them whole. */
const samples = [322_560, 645_120];

/**
 * What part of one open axis a size is, `/2` for a half: for sizes that the network takes, so roundings don't show.
 * Undefined where it is another formula.
 */
function openRatio(size: Size, bindings: Bindings): { readonly shown: string } | undefined {
  const symbols = new Set([...showSize(size, bindings).matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name));
  symbols.delete("floor");
  const [symbol] = symbols;
  if (symbols.size !== 1 || symbol === undefined) return undefined;
  const ratios = samples.map((sample) => (evaluateSize(size, new Map([[symbol, sample]])) ?? 0) / sample);
  const [ratio] = ratios;
  if (!ratio || ratios.some((other) => other !== ratio)) return undefined;
  if (ratio === 1) return { shown: "" };
  if (Number.isInteger(ratio)) return { shown: `·${ratio}` };
  if (Number.isInteger(1 / ratio)) return { shown: `/${1 / ratio}` };
  return undefined;
}
