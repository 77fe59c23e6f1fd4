/** A variant as a point of a chart. */
export interface SweepPoint {
  readonly x: number;
  readonly y: number;
  readonly area?: number;
  /** The values of what varies, in order. */
  readonly values: readonly string[];
}

/** A point with the values of further variants that lie on the same spot. */
export interface SweepSpot extends SweepPoint {
  readonly others: readonly (readonly string[])[];
}

/** Which of two values of a quantity is the better one. */
export type Better = "low" | "high";

/** As many points are kept as they are. */
const mostExact = 5_000;
/** Points closer than a two-hundredth of themselves can't be told apart in a chart. */
const steps = 200;
/** So many variants are remembered for one spot: a label can't hold more. */
export const mostOthers = 12;

/**
 * The points that a chart can show, and among them the best trade-offs (the Pareto front). A sweep may have millions of
 * variants: of many that would lie on one spot one is kept.
 */
export class SweepPoints {
  private spots = new Map<string, SweepSpot>();
  private isCoarse = false;

  constructor(private readonly better: { readonly x: Better; readonly y: Better }) {}

  add(point: SweepPoint): void {
    const spot = this.isCoarse
      ? `${spotOf(point.x)} ${spotOf(point.y)}`
      : `${point.x} ${point.y} ${point.area}`;
    const there = this.spots.get(spot);
    const others = "others" in point ? (point as SweepSpot).others : [];
    if (!there || this.isBetter(point, there)) this.spots.set(spot, { ...point, others });
    else if (point.x === there.x && point.y === there.y && there.others.length < mostOthers) {
      this.spots.set(spot, { ...there, others: [...there.others, point.values, ...others] });
    }
    if (this.isCoarse || this.spots.size < mostExact) return;
    const points = this.all;
    this.spots = new Map();
    this.isCoarse = true;
    for (const each of points) this.add(each);
  }

  get all(): readonly SweepSpot[] {
    return [...this.spots.values()];
  }

  /** The points of which no other is better in one quantity and not worse in the other, in order of x. */
  get best(): readonly SweepSpot[] {
    const sign = (better: Better) => (better === "low" ? 1 : -1);
    const [x, y] = [sign(this.better.x), sign(this.better.y)];
    const sorted = [...this.spots.values()].sort((a, b) => x * (a.x - b.x) || y * (a.y - b.y));
    let reached = Number.POSITIVE_INFINITY;
    return sorted.filter((point) => {
      if (y * point.y >= reached) return false;
      reached = y * point.y;
      return true;
    });
  }

  private isBetter(a: SweepPoint, b: SweepPoint): boolean {
    const gain = (better: Better, from: number, to: number) => (better === "low" ? from - to : to - from);
    const [x, y] = [gain(this.better.x, b.x, a.x), gain(this.better.y, b.y, a.y)];
    return x >= 0 && y >= 0 && x + y > 0;
  }
}

function spotOf(value: number): number {
  return value > 0 ? Math.round(Math.log(value) * steps) : value;
}
