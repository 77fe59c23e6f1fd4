import { quantities } from "../../compiler/index.js";
import { mostScatterSeries, type ScatterAxis, type ScatterFigure } from "../svg/scatter.js";
import { type Better, mostOthers, type SweepPoint, type SweepPoints, type SweepSpot } from "./points.js";
import { showColumn } from "./table.js";

/** What a picture of a sweep shows: names of columns. */
export interface SweepChart {
  readonly x: string;
  readonly y: string;
  /** What circles' areas stand for. */
  readonly area?: string;
  readonly better: { readonly x: Better; readonly y: Better };
}

/** So many points have room for a name each; of more only the best have one. */
const mostLabelled = 24;
/** Of so many values on one spot each is named. */
const mostListed = 3;

/** The picture of a sweep: every variant, and the front of the best trade-offs. */
export function chartOf(
  { x, y, area, better }: SweepChart,
  points: SweepPoints,
  { names, subtitle }: { readonly names: readonly string[]; readonly subtitle: string },
): ScatterFigure {
  const all = points.all;
  const best = new Set(points.best);
  const colouring = colouringOf(all, names);
  // With one setting besides the colour its values stand alone.
  const namesShown = names.filter((_, index) => names.length <= 2 && index !== colouring.at);
  const remarks = [
    best.size > 1
      ? `dashed: the best trade-offs (${preference(x, better.x)}, ${preference(y, better.y)})`
      : "",
    namesShown.length === 1 ? `beside the circles: ${namesShown[0]}` : "",
    area === undefined ? "" : `area of circles: ${titleOf(area).title}, ${rangeOf(area, all)}`,
  ].filter((remark) => remark !== "");
  return {
    title: `${titleOf(y).title} over ${titleOf(x).title}`,
    subtitle: [subtitle, ...remarks],
    x: titleOf(x),
    y: titleOf(y),
    ...(area === undefined ? {} : { area: { title: titleOf(area).title, show: titleOf(area).show } }),
    series: colouring.names,
    points: all.map((point) => {
      const isBest = best.has(point);
      const label = labelOf(point, names, colouring.at);
      return {
        x: point.x,
        y: point.y,
        ...(point.area === undefined ? {} : { area: point.area }),
        ...((isBest || all.length <= mostLabelled) && label !== "" ? { label } : {}),
        series: colouring.seriesOf(point),
        isBest,
      };
    }),
  };
}

function titleOf(column: string): ScatterAxis {
  const titles: Readonly<Record<string, string>> = { macs: "MACs", flops: "FLOPs", peak: "peak memory" };
  const isCounted = quantities.some(({ name }) => name === column);
  return { title: isCounted ? (titles[column] ?? column) : column, show: (value) => showTick(column, value) };
}

/** `200 G` and not `200.00 G`: ticks are round. */
function showTick(column: string, value: number): string {
  return showColumn(column, value)
    .replace(/(\.\d*?)0+(?=\D|$)/, "$1")
    .replace(/\.(?=\D|$)/, "");
}

function preference(column: string, better: Better): string {
  return `${better === "low" ? "few" : "high"} ${titleOf(column).title}`;
}

function rangeOf(column: string, points: readonly SweepPoint[]): string {
  const areas = points.flatMap(({ area }) => (area === undefined ? [] : [area]));
  const [least, most] = [Math.min(...areas), Math.max(...areas)];
  return least === most
    ? showColumn(column, least)
    : `${showColumn(column, least)} to ${showColumn(column, most)}`;
}

/** The first setting with few enough values gives points their colours; with one setting all are alike. */
function colouringOf(points: readonly SweepPoint[], names: readonly string[]) {
  const at =
    names.length < 2
      ? -1
      : names.findIndex((_, index) => {
          const values = new Set(points.map((point) => point.values[index]));
          return values.size > 1 && values.size <= mostScatterSeries;
        });
  const values = at < 0 ? [] : [...new Set(points.map((point) => point.values[at] as string))];
  return {
    at,
    names: values.map((value) => `${names[at]} = ${value}`),
    seriesOf: (point: SweepPoint) => (at < 0 ? 0 : values.indexOf(point.values[at] as string)),
  };
}

/** What tells a point from others of its colour: `fold 1/4`, or `fold 1/2 to 0` where all of these lie on one spot. */
function labelOf({ values, others }: SweepSpot, names: readonly string[], coloured: number): string {
  const shown = values.flatMap((value, index) => {
    if (index === coloured) return [];
    const all = [...new Set([value, ...others.map((other) => other[index] as string)])];
    const last = others.length < mostOthers ? all.at(-1) : "others";
    const text = all.length > mostListed ? `${value} to ${last}` : all.join(", ");
    return [`${shortName(names[index] as string, names)}${text}`];
  });
  return shown.join(", ");
}

/** With one setting besides the colour its values say enough. */
function shortName(name: string, names: readonly string[]): string {
  return names.length <= 2 ? "" : `${name} `;
}
