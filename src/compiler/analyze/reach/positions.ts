import type { Reach } from "../../graph/operation.js";

/** Positions along an axis: every one there is, or runs as `[first, last, first, last, …]`, ascending and apart. */
export type Positions = "all" | readonly number[];

type Run = readonly [first: number, last: number];

/** More runs than this are not told apart any more: the gaps between them are filled. */
const mostRuns = 2048;

export const none: Positions = [];

export function range(first: number, last: number): Positions {
  return first <= last ? [first, last] : none;
}

/** Runs in any order, brought into order and joined where they touch. */
function joined(runs: Run[]): readonly number[] {
  const result: number[] = [];
  for (const [first, last] of runs.sort((a, b) => a[0] - b[0])) {
    const end = result.at(-1);
    if (end !== undefined && first <= end + 1) result[result.length - 1] = Math.max(end, last);
    else result.push(first, last);
  }
  return result;
}

function runsOf(positions: readonly number[]): Run[] {
  return Array.from({ length: positions.length / 2 }, (_, run) => {
    return [positions[2 * run] as number, positions[2 * run + 1] as number] as const;
  });
}

export function union(a: Positions, b: Positions): Positions {
  if (a === "all" || b === "all") return "all";
  if (contains(a, b)) return a;
  return joined([...runsOf(a), ...runsOf(b)]);
}

export function intersection(a: Positions, first: number, last: number): Positions {
  if (a === "all") return range(first, last);
  if (a.length === 0 || ((a[0] as number) >= first && (a.at(-1) as number) <= last)) return a;
  const within = runsOf(a).map(([from, to]) => [Math.max(from, first), Math.min(to, last)] as const);
  return within.filter(([from, to]) => from <= to).flat();
}

/** Whether every one of `b` is in `a`. */
export function contains(a: Positions, b: Positions): boolean {
  if (a === b || a === "all") return true;
  if (b === "all") return false;
  let run = 0;
  for (let index = 0; index < b.length; index += 2) {
    while (run < a.length && (a[run + 1] as number) < (b[index] as number)) run += 2;
    if (run >= a.length) return false;
    if ((a[run] as number) > (b[index] as number) || (a[run + 1] as number) < (b[index + 1] as number)) {
      return false;
    }
  }
  return true;
}

export function offset(positions: readonly number[], by: number): readonly number[] {
  return positions.map((position) => position + by);
}

/** Positions modulo a size. */
export function modulo(positions: readonly number[], size: number): Positions {
  const turned = runsOf(positions).flatMap(([first, last]): Run[] => {
    if (last - first + 1 >= size) return [[0, size - 1]];
    const turn = size * Math.floor(first / size);
    const [from, to] = [first - turn, last - turn];
    return to < size
      ? [[from, to]]
      : [
          [from, size - 1],
          [0, to - size],
        ];
  });
  return joined(turned);
}

/** Positions with all that lie between them. */
export function filled(positions: Positions): Positions {
  return positions === "all" || positions.length <= 2 ? positions : hull(positions);
}

export function samePositions(a: Positions, b: Positions): boolean {
  if (a === b || a === "all" || b === "all") return a === b;
  return a.length === b.length && a.every((position, index) => position === b[index]);
}

/** The first and the last of positions that are neither all nor none. */
export function hull(positions: readonly number[]): Run {
  return [positions[0] as number, positions.at(-1) as number];
}

/** Every step-th of `length` runs that are `width` long; the gaps are filled where they would be too many. */
function repeated(first: number, width: number, step: number, length: number): Run[] {
  if (width >= step || length > mostRuns) return [[first, first + step * (length - 1) + width - 1]];
  return Array.from({ length }, (_, index) => [first + step * index, first + step * index + width - 1]);
}

type Sliding = Extract<Reach, { kind: "window" | "transposed" }>;

/**
 * Which positions of an input's axis are needed for these positions of the output's axis; without `gaps`, all between the
 * first and the last of them.
 */
export function slid(reach: Sliding, positions: readonly number[], gaps: boolean): Positions {
  const reached = gaps ? slidExactly(reach, positions) : slidEnds(reach, positions);
  const [first = 0, last = 0] = [reached[0], reached.at(-1)];
  // Strides upon strides leave the exact integers; no tile is that long.
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) ? reached : "all";
}

function slidEnds(reach: Sliding, positions: readonly number[]): Run {
  const [first, last] = hull(positions);
  const { stride, low, high } = reach;
  if (reach.kind === "transposed")
    return [Math.ceil((first + low) / stride) + 0, Math.floor((last + high) / stride)];
  const { step = 1, divisor = 1 } = reach;
  const [from, to] = stride < 0 ? [last, first] : [first, last];
  const end = high - ((high - low) % step);
  return [Math.floor((from * stride + low) / divisor), Math.floor((to * stride + end) / divisor)];
}

function slidExactly(reach: Sliding, positions: readonly number[]): readonly number[] {
  const [first, last] = positions;
  if (positions.length === 2) {
    const runs = runsSeen(reach, first as number, last as number);
    return runs.length === 1 ? (runs[0] as Run) : joined(runs);
  }
  return joined(runsOf(positions).flatMap(([from, to]) => runsSeen(reach, from, to)));
}

/** What a run of positions needs, in runs that may touch. */
function runsSeen(reach: Sliding, first: number, last: number): Run[] {
  if (reach.kind === "transposed") {
    // The elements whose kernels, from `i * stride - high` to `i * stride - low`, meet the run.
    const from = Math.ceil((first + reach.low) / reach.stride) + 0;
    const to = Math.floor((last + reach.high) / reach.stride);
    return from <= to ? [[from, to]] : [];
  }
  const { stride, low, high, step = 1, divisor = 1 } = reach;
  const count = last - first + 1;
  const start = Math.min(first * stride, last * stride) + low;
  if (divisor > 1) return divided(reach, [first, last], divisor);
  const elements = Math.floor((high - low) / step) + 1;
  if (Math.abs(stride) === 1) return repeated(start, count, step, elements);
  if (step === 1) return repeated(start, high - low + 1, Math.abs(stride), count);
  if (count * elements > mostRuns) return [[start, start + Math.abs(stride) * (count - 1) + high - low]];
  const offsets = repeated(0, 1, step, elements);
  return offsets.flatMap(([offset]) => repeated(start + offset, 1, Math.abs(stride), count));
}

function divided(
  { stride, low, high }: Extract<Reach, { kind: "window" }>,
  [first, last]: Run,
  divisor: number,
): Run[] {
  const at = (position: number) =>
    [
      Math.floor((position * stride + low) / divisor),
      Math.floor((position * stride + high) / divisor),
    ] as const;
  const ends = stride < 0 ? [at(last), at(first)] : [at(first), at(last)];
  // Neighbours' windows touch, whatever they are rounded to, where a step of the output is no longer than a window.
  const touching = Math.abs(stride) <= high - low + divisor;
  if (touching || last - first >= mostRuns) return [[(ends[0] as Run)[0], (ends[1] as Run)[1]]];
  return Array.from({ length: last - first + 1 }, (_, index) => at(first + index));
}

/** The positions `outer * size + inner`, for inner positions from 0 to size - 1. */
export function composed(outer: Positions, inner: Positions, size: number): Positions {
  const within = intersection(inner, 0, size - 1) as readonly number[];
  if (outer === "all") return within.length === 0 ? none : "all";
  const [first, last] = within;
  if (first === 0 && last === size - 1) {
    return outer.map((position, index) => position * size + (index % 2 === 0 ? 0 : size - 1));
  }
  const starts = runsOf(outer).flatMap(([from, to]) => {
    if ((to - from + 1) * within.length > 2 * mostRuns) return [];
    return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * size);
  });
  if (starts.length === 0 && outer.length > 0 && within.length > 0) {
    const [low, high] = [hull(outer), hull(within)];
    return [low[0] * size + high[0], low[1] * size + high[1]];
  }
  return joined(
    starts.flatMap((start) => runsOf(within).map(([from, to]) => [start + from, start + to] as const)),
  );
}

/** A part of an axis and, for all of it, the positions `floor(o / stride) mod size`. */
export interface DigitPiece {
  readonly part: Positions;
  readonly digits: Positions;
}

/**
 * Positions along a merged axis, in pieces in which one of the axes that were merged, and those inside it, vary
 * independently of each other.
 */
export function digitPieces(positions: Positions, stride: number, size: number | undefined): DigitPiece[] {
  if (positions === "all") return [{ part: "all", digits: "all" }];
  return runsOf(positions).flatMap(([first, last]) => {
    const [lowest, highest] = [Math.floor(first / stride), Math.floor(last / stride)];
    const digits = (from: number, to: number) =>
      size === undefined ? range(from, to) : modulo([from, to], size);
    if (lowest === highest) return [{ part: range(first, last), digits: digits(lowest, lowest) }];
    const from = first === lowest * stride ? lowest : lowest + 1;
    const to = last === (highest + 1) * stride - 1 ? highest : highest - 1;
    const pieces: DigitPiece[] = [];
    if (from > lowest) pieces.push({ part: range(first, from * stride - 1), digits: digits(lowest, lowest) });
    if (from <= to) {
      pieces.push({ part: range(from * stride, (to + 1) * stride - 1), digits: digits(from, to) });
    }
    if (to < highest) pieces.push({ part: range((to + 1) * stride, last), digits: digits(highest, highest) });
    return pieces;
  });
}
