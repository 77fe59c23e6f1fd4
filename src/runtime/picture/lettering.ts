import type { Colour } from "./colours.js";
import { MARGIN } from "./layout.js";
import type { Frame } from "./slice.js";

/** An entry of a legend. */
export interface LegendEntry {
  readonly text: string;
  readonly colour: Colour;
}

const LINE = 21;
const SWATCH = 12;
/** How wide a character is at most on average, in a font of 14 pixels. */
const CHARACTER = 7.4;

/** How a legend is laid out below a picture. */
export interface Legend {
  readonly entries: readonly LegendEntry[];
  readonly columns: number;
  /** From one column to the next, in pixels. */
  readonly step: number;
  readonly height: number;
}

/** A legend in columns as wide as its longest entry, read downwards. */
export function layOutLegend(entries: readonly LegendEntry[], width: number): Legend {
  if (entries.length === 0) return { entries, columns: 1, step: 0, height: 0 };
  const longest = Math.max(...entries.map(({ text }) => text.length)) * CHARACTER + SWATCH + 26;
  const fitting = Math.max(1, Math.floor((width - MARGIN) / longest));
  const rows = Math.ceil(entries.length / fitting);
  const step = Math.min(longest, width - MARGIN);
  return { entries, columns: Math.ceil(entries.length / rows), step, height: rows * LINE + MARGIN };
}

/** The letters at the edges of a slice, and what stands in its corner. */
export interface Lettering {
  readonly frame: Frame;
  readonly letters: readonly string[];
  readonly caption: string | undefined;
}

/** All that is written on a picture, as an SVG of its size. */
export function letteringSvg(
  width: number,
  height: number,
  slices: readonly Lettering[],
  legend: Legend,
): string {
  const parts = [...slices.flatMap(lettersOf), ...legendParts(legend, height - legend.height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Source Sans 3">${parts.join("")}</svg>`;
}

function lettersOf({ frame, letters, caption }: Lettering): string[] {
  const { left, top, width, height } = frame;
  const [middle, centre] = [left + width / 2, top + height / 2 + 6];
  const places: readonly (readonly [number, number, string])[] = [
    [left + 6, centre, "start"],
    [left + width - 6, centre, "end"],
    [middle, top + 18, "middle"],
    [middle, top + height - 6, "middle"],
  ];
  const drawn = letters.map((letter, index) => {
    const [x, y, anchor] = places[index] as (typeof places)[number];
    return outlined(letter, x, y, anchor, 18, "#ffeb78");
  });
  return caption === undefined
    ? drawn
    : [...drawn, outlined(caption, left + 6, top + height - 6, "start", 13, "#d0d0d0")];
}

/** A dark rim keeps letters legible on bright tissue. */
function outlined(text: string, x: number, y: number, anchor: string, size: number, fill: string): string {
  const place = `x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="600"`;
  return `<text ${place} fill="none" stroke="#000" stroke-width="3" stroke-linejoin="round">${text}</text><text ${place} fill="${fill}">${text}</text>`;
}

function legendParts({ entries, columns, step }: Legend, top: number): string[] {
  const rows = Math.ceil(entries.length / columns);
  return entries.map(({ text, colour }, index) => {
    const x = MARGIN + Math.floor(index / rows) * step;
    const y = top + (index % rows) * LINE;
    const swatch = `<rect x="${x}" y="${y + 2}" width="${SWATCH}" height="${SWATCH}" rx="2" fill="rgb(${colour.join()})"/>`;
    return `${swatch}<text x="${x + SWATCH + 7}" y="${y + 13}" font-size="14" fill="#e6e6e6">${escaped(text)}</text>`;
  });
}

/** Text as XML has it, without what no XML may hold. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}
