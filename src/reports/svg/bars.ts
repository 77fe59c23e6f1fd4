import { escapeMarkup, fitText, fontFamily, textWidth, wrapText } from "./text.js";

/** A figure of horizontal bars: panels beside one another that share their rows. */
export interface BarFigure {
  readonly title: string;
  /** Paragraphs below the title: settings, sizes. */
  readonly subtitle: readonly string[];
  /** What bars of one colour stand for, at most `mostSeries`; none where all are of one kind. */
  readonly series: readonly string[];
  readonly rows: readonly string[];
  readonly panels: readonly BarPanel[];
}

export interface BarPanel {
  readonly title: string;
  /** By row, then by series; undefined has no bar. */
  readonly values: readonly (readonly (bigint | undefined)[])[];
  /** A value for its bar and for the axis. */
  readonly show: (value: bigint) => string;
}

const width = 800;
const margin = 16;
const gap = 28;
export const fontSize = 12;
const barHeight = 15;
const rowGap = 7;
const lineHeight = 16;
/** Names of rows that are longer lose their beginnings. */
export const longestLabel = 240;
/** Blue, orange, green, red, violet, brown, of about one lightness; told apart in grey by their order. */
const colours = ["#3d6fa8", "#de8a3a", "#5c9e6c", "#bf5b5b", "#8573b0", "#8a7361"] as const;

/** More could not be told apart. */
export const mostSeries = colours.length;

/** Draws a figure as SVG, 800 units wide, on white. */
export function drawBars({ title, subtitle, series, rows, panels }: BarFigure): string {
  const labelWidth = Math.min(longestLabel, Math.max(0, ...rows.map((row) => textWidth(row, fontSize))));
  const rowHeight = Math.max(1, series.length) * barHeight + rowGap;
  const lines = subtitle.flatMap((paragraph) => wrapText(paragraph, fontSize, width - 2 * margin));
  const headHeight = margin + 18 + lines.length * lineHeight;
  const legendTop = headHeight + 8;
  const legendHeight = series.length > 1 ? legendRows(series).length * 20 : 0;
  const panelTop = legendTop + legendHeight + 30;
  const bodyHeight = rows.length * rowHeight;
  const height = panelTop + bodyHeight + margin;
  const free = width - 2 * margin - labelWidth - 10 - gap * (panels.length - 1);
  const panelWidth = free / Math.max(1, panels.length);
  const parts = [
    text(fitText(title, 17, width - 2 * margin), margin, margin + 14, { size: 16, weight: 600 }),
    ...lines.map((line, index) => text(line, margin, margin + 34 + index * lineHeight, { colour: "#555" })),
    ...(series.length > 1 ? legend(series, legendTop) : []),
    ...rows.map((row, index) =>
      text(
        fitText(row, fontSize, labelWidth),
        margin + labelWidth,
        panelTop + (index + 0.5) * rowHeight - rowGap / 2 + 4,
        {
          anchor: "end",
        },
      ),
    ),
    ...panels.flatMap((panel, index) =>
      drawPanel(
        panel,
        margin + labelWidth + 10 + index * (panelWidth + gap),
        panelTop,
        panelWidth,
        rowHeight,
        series.length > 1,
      ),
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(height)}" width="${width}" height="${round(height)}" font-family="${escapeMarkup(fontFamily)}" font-size="${fontSize}" role="img">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<rect width="${width}" height="${round(height)}" fill="#fff"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}

function drawPanel(
  { title, values, show }: BarPanel,
  left: number,
  top: number,
  panelWidth: number,
  rowHeight: number,
  coloured: boolean,
): string[] {
  const all = values.flat().filter((value) => value !== undefined);
  const longest = all.reduce((most, value) => (value > most ? value : most), 0n);
  const room = Math.max(0, ...all.map((value) => textWidth(show(value), fontSize - 1))) + 6;
  const scale = longest === 0n ? 0 : Math.max(0, panelWidth - room) / Number(longest);
  const bars = values.flatMap((row, rowIndex) =>
    row.flatMap((value, index) => {
      if (value === undefined) return [];
      const y = top + rowIndex * rowHeight + index * barHeight;
      const length = Math.max(value === 0n ? 0 : 0.75, Number(value) * scale);
      const colour = colours[(coloured ? index : 0) % colours.length];
      return [
        `<rect x="${round(left)}" y="${round(y + 1)}" width="${round(length)}" height="${barHeight - 2}" fill="${colour}"/>`,
        text(show(value), left + length + 5, y + barHeight / 2 + 4, { size: fontSize - 1, colour: "#444" }),
      ];
    }),
  );
  const bottom = top + values.length * rowHeight - rowGap + 2;
  return [
    text(title, left, top - 10, { weight: 600 }),
    ...bars,
    `<line x1="${round(left)}" y1="${round(top - 3)}" x2="${round(left)}" y2="${round(bottom)}" stroke="#888"/>`,
  ];
}

/** Series in lines that fit the figure's width. */
function legendRows(
  series: readonly string[],
): { readonly index: number; readonly name: string; readonly x: number }[][] {
  const lines: { index: number; name: string; x: number }[][] = [[]];
  let x = margin;
  series.forEach((name, index) => {
    const own = fitText(name, fontSize, width - 2 * margin - 18);
    const needed = 18 + textWidth(own, fontSize) + 18;
    if (x > margin && x + needed > width) {
      lines.push([]);
      x = margin;
    }
    lines.at(-1)?.push({ index, name: own, x });
    x += needed;
  });
  return lines;
}

function legend(series: readonly string[], top: number): string[] {
  return legendRows(series).flatMap((line, row) =>
    line.flatMap(({ index, name, x }) => {
      const y = top + row * 20;
      const colour = colours[index % colours.length];
      return [
        `<rect x="${round(x)}" y="${y}" width="12" height="12" fill="${colour}"/>`,
        text(name, x + 18, y + 10, {}),
      ];
    }),
  );
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly colour?: string;
  readonly anchor?: "end";
}

function text(
  content: string,
  x: number,
  y: number,
  { size = fontSize, weight, colour = "#1a1a1a", anchor }: TextStyle,
): string {
  const style = [
    size === fontSize ? "" : ` font-size="${size}"`,
    weight === undefined ? "" : ` font-weight="${weight}"`,
    anchor === undefined ? "" : ` text-anchor="${anchor}"`,
  ].join("");
  return `<text x="${round(x)}" y="${round(y)}" fill="${colour}"${style}>${escapeMarkup(content)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
