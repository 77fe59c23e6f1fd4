/** Where values lie along one side of a chart. */
export interface Scale {
  readonly logarithmic: boolean;
  /** Values with a line and a number, rising. */
  readonly ticks: readonly number[];
  /** 0 at the beginning of the side, 1 at its end. */
  position(value: number): number;
}

/** Values further apart than this are shown logarithmically. */
const widestLinear = 20;

/** Values closer together than this share of their size lie on one spot: ticks between them would be rounding errors. */
const narrowest = 1e-6;

/** A scale on which all values lie, with some room at both ends and ticks at round numbers. */
export function scaleOf(values: readonly number[]): Scale {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return least > 0 && most / least > widestLinear ? logarithmic(least, most) : linear(least, most);
}

function linear(least: number, most: number): Scale {
  const size = Math.max(Math.abs(least), Math.abs(most));
  const span = most - least > narrowest * size ? most - least : size || 1;
  const [from, to] = [least - 0.08 * span, most + 0.08 * span];
  const step = roundStep((to - from) / 5);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks = Array.from({ length: count }, (_, index) => Number(((first + index) * step).toFixed(digits)));
  return { logarithmic: false, ticks, position: (value) => (value - from) / (to - from) };
}

function logarithmic(least: number, most: number): Scale {
  const room = 0.06 * Math.log10(most / least);
  const [from, to] = [Math.log10(least) - room, Math.log10(most) + room];
  const decades = to - from;
  const mantissas = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(from); power <= to; power++) {
    for (const mantissa of mantissas) {
      const tick = mantissa * 10 ** power;
      if (Math.log10(tick) >= from && Math.log10(tick) <= to) ticks.push(tick);
    }
  }
  return { logarithmic: true, ticks, position: (value) => (Math.log10(value) - from) / (to - from) };
}

/** 1, 2 or 5 times a power of ten, the nearest above. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}
