import { scaleOf } from "./scale.js";
import { escapeMarkup, fitText, fontFamily, textWidth, wrapText } from "./text.js";

/** A chart of one quantity over another: points or circles, and the front of the best trade-offs. */
export interface ScatterFigure {
  readonly title: string;
  /** Paragraphs below the title. */
  readonly subtitle: readonly string[];
  readonly x: ScatterAxis;
  readonly y: ScatterAxis;
  readonly points: readonly ScatterPoint[];
  /** What the areas of circles stand for; without it all points are alike. */
  readonly area?: { readonly title: string; readonly show: (value: number) => string };
  /** Names of the colours that `series` of points count. */
  readonly series: readonly string[];
}

export interface ScatterAxis {
  readonly title: string;
  readonly show: (value: number) => string;
}

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** What its circle's area shows. */
  readonly area?: number;
  /** Written beside it; points without one are drawn small. */
  readonly label?: string;
  readonly series: number;
  /** Whether no other point is better in one quantity and not worse in the other. */
  readonly isBest: boolean;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const width = 800;
const plotHeight = 440;
const margin = 16;
const fontSize = 12;
const longestLabel = 170;
const largestRadius = 26;
/** Circles that are about alike need no room to differ in. */
const alikeRadius = 13;
const smallestRadius = 4;
const colours = ["#3d6fa8", "#de8a3a", "#5c9e6c", "#bf5b5b", "#8573b0", "#8a7361"] as const;
/** More could not be told apart. */
export const mostScatterSeries = colours.length;

/** Draws a chart as SVG, 800 units wide, on white. */
export function drawScatter(figure: ScatterFigure): string {
  const { title, subtitle, x, y, points, area, series } = figure;
  const scaleX = scaleOf(points.map((point) => point.x));
  const scaleY = scaleOf(points.map((point) => point.y));
  const lines = subtitle.flatMap((paragraph) => wrapText(paragraph, fontSize, width - 2 * margin));
  const legend = legendRows(series);
  const top = margin + 30 + lines.length * 16 + legend.length * 20 + 14;
  const left = margin + 24 + Math.max(0, ...scaleY.ticks.map((tick) => textWidth(y.show(tick), fontSize)));
  const plot: Box = { left, top, right: width - margin - 8, bottom: top + plotHeight };
  const height = plot.bottom + 52 + margin;
  const across = (value: number) => plot.left + scaleX.position(value) * (plot.right - plot.left);
  const up = (value: number) => plot.bottom - scaleY.position(value) * (plot.bottom - plot.top);
  const areas = points.flatMap((point) => point.area ?? []);
  const largest = Math.max(0, ...areas);
  const mostRadius = Math.min(...areas) > 0.6 * largest ? alikeRadius : largestRadius;
  const placed = points.map((point) => ({
    point,
    x: across(point.x),
    y: up(point.y),
    radius:
      area === undefined || point.area === undefined
        ? point.isBest || point.label !== undefined
          ? smallestRadius
          : 2
        : Math.max(2.5, mostRadius * Math.sqrt(point.area / largest)),
  }));
  const best = placed.filter(({ point }) => point.isBest).sort((a, b) => a.x - b.x || b.y - a.y);
  const parts = [
    text(fitText(title, 17, width - 2 * margin), margin, margin + 14, `font-size="16" font-weight="600"`),
    ...lines.map((line, index) => text(line, margin, margin + 34 + index * 16, "", "#555")),
    ...drawLegend(legend, margin + 24 + lines.length * 16),
    ...gridX(
      scaleX.ticks.map((tick) => ({ at: across(tick), text: x.show(tick) })),
      plot,
    ),
    ...gridY(
      scaleY.ticks.map((tick) => ({ at: up(tick), text: y.show(tick) })),
      plot,
    ),
    `<path d="M${plot.left} ${plot.top}V${plot.bottom}H${plot.right}" fill="none" stroke="#555"/>`,
    text(
      x.title + (scaleX.logarithmic ? " (logarithmic)" : ""),
      (plot.left + plot.right) / 2,
      plot.bottom + 42,
      `text-anchor="middle" font-weight="600"`,
    ),
    `<g transform="translate(${margin + 8} ${round((plot.top + plot.bottom) / 2)}) rotate(-90)">${text(y.title + (scaleY.logarithmic ? " (logarithmic)" : ""), 0, 0, `text-anchor="middle" font-weight="600"`)}</g>`,
    best.length > 1
      ? `<polyline points="${best.map((each) => `${round(each.x)},${round(each.y)}`).join(" ")}" fill="none" stroke="#222" stroke-width="1.2" stroke-dasharray="5 4"/>`
      : "",
    // Large circles first, so that small ones are seen on them; the best last.
    ...[...placed]
      .sort((a, b) => Number(a.point.isBest) - Number(b.point.isBest) || b.radius - a.radius)
      .map(({ point, radius, ...at }) => {
        const colour = colours[point.series % colours.length];
        const look = area === undefined ? (point.isBest ? 1 : 0.45) : 0.6;
        const edge = point.isBest
          ? `stroke="#222" stroke-width="1.2"`
          : `stroke="${colour}" stroke-width="0.6"`;
        return `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="${round(radius)}" fill="${colour}" fill-opacity="${look}" ${edge}/>`;
      }),
    ...placeLabels(placed, plot),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(height)}" width="${width}" height="${round(height)}" font-family="${escapeMarkup(fontFamily)}" font-size="${fontSize}" role="img">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<rect width="${width}" height="${round(height)}" fill="#fff"/>`,
    ...parts.filter((part) => part !== ""),
    "</svg>",
  ].join("\n");
}

interface Tick {
  readonly at: number;
  readonly text: string;
}

function gridX(ticks: readonly Tick[], { top, bottom }: Box): string[] {
  return ticks.flatMap((tick) => [
    `<line x1="${round(tick.at)}" y1="${top}" x2="${round(tick.at)}" y2="${bottom}" stroke="#e4e4e4"/>`,
    text(tick.text, tick.at, bottom + 18, `text-anchor="middle"`, "#444"),
  ]);
}

function gridY(ticks: readonly Tick[], { left, right }: Box): string[] {
  return ticks.flatMap((tick) => [
    `<line x1="${round(left)}" y1="${round(tick.at)}" x2="${right}" y2="${round(tick.at)}" stroke="#e4e4e4"/>`,
    text(tick.text, left - 7, tick.at + 4, `text-anchor="end"`, "#444"),
  ]);
}

/** Labels beside their circles wherever there is room; one that finds none is left out. */
function placeLabels(
  placed: readonly {
    readonly point: ScatterPoint;
    readonly x: number;
    readonly y: number;
    readonly radius: number;
  }[],
  plot: Box,
): string[] {
  const taken: Box[] = placed.map(({ x, y, radius }) => {
    return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
  });
  return placed.flatMap(({ point, x, y, radius }, own) => {
    if (point.label === undefined) return [];
    const shown = fitText(point.label, fontSize - 1, longestLabel);
    const [wide, high] = [textWidth(shown, fontSize - 1), 13];
    const apart = radius + 4;
    for (const distance of [0, 8, 18]) {
      const sides = [
        [x + apart + distance, y - high / 2],
        [x - wide / 2, y - apart - high - distance],
        [x - wide / 2, y + apart + distance],
        [x - apart - distance - wide, y - high / 2],
        [x + apart * 0.7 + distance, y - apart * 0.7 - high - distance],
        [x + apart * 0.7 + distance, y + apart * 0.7 + distance],
        [x - apart * 0.7 - distance - wide, y - apart * 0.7 - high - distance],
        [x - apart * 0.7 - distance - wide, y + apart * 0.7 + distance],
      ] as const;
      for (const [left, top] of sides) {
        const box = { left, top, right: left + wide, bottom: top + high };
        const inside =
          left >= plot.left &&
          box.right <= plot.right + 6 &&
          top >= plot.top - 6 &&
          box.bottom <= plot.bottom;
        if (!inside || taken.some((other, index) => index !== own && overlap(box, other))) continue;
        taken.push(box);
        return [text(shown, left, top + high - 3, `font-size="${fontSize - 1}"`, "#222")];
      }
    }
    return [];
  });
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

interface LegendEntry {
  readonly index: number;
  readonly name: string;
  readonly x: number;
}

function legendRows(series: readonly string[]): readonly (readonly LegendEntry[])[] {
  if (series.length < 2) return [];
  const rows: LegendEntry[][] = [[]];
  let x = margin;
  series.forEach((name, index) => {
    const needed = 36 + textWidth(name, fontSize);
    if (x > margin && x + needed > width - margin) {
      rows.push([]);
      x = margin;
    }
    rows.at(-1)?.push({ index, name, x });
    x += needed;
  });
  return rows;
}

function drawLegend(rows: readonly (readonly LegendEntry[])[], top: number): string[] {
  return rows.flatMap((row, at) =>
    row.flatMap(({ index, name, x }) => {
      const y = top + at * 20 + 8;
      return [
        `<circle cx="${round(x + 6)}" cy="${round(y)}" r="5" fill="${colours[index % colours.length]}"/>`,
        text(name, x + 17, y + 4, ""),
      ];
    }),
  );
}

function text(content: string, x: number, y: number, style: string, colour = "#1a1a1a"): string {
  const own = style === "" ? "" : ` ${style}`;
  return `<text x="${round(x)}" y="${round(y)}" fill="${colour}"${own}>${escapeMarkup(content)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
