import type { Graph } from "../../compiler/index.js";
import { escapeMarkup, fitText, fontFamily } from "../svg/text.js";
import { blocksOf } from "./blocks.js";
import { type Item, itemsOf } from "./items.js";
import { closedLayers } from "./open-layers.js";
import { partsOf, type Region } from "./parts.js";
import { placeByLevels } from "./place-levels.js";
import { placeAsList } from "./place-list.js";
import {
  type Arrow,
  bottom,
  circleSize,
  copyOffset,
  framePadding,
  left,
  linkText,
  type Placed,
  right,
  shownCopies,
  top,
} from "./placement.js";
import { resolutionsOf } from "./resolution.js";
import { lineSize, titleSize } from "./text-sizes.js";

const margin = 24;
const headHeight = 34;
/** Fill and edge of boxes, by the layer that they are applications of, in the order in which layers come. */
const layerColours = [
  ["#dbe7f5", "#3d6fa8"],
  ["#fbe6d0", "#c77a2c"],
  ["#dcefe0", "#4b8a5b"],
  ["#ece3f4", "#7a63a8"],
  ["#f6dfdf", "#b05353"],
] as const;
const operationColours = ["#f1f2f4", "#8a9099"] as const;

/** Draws the architecture of a network as SVG; see `closedLayers` for what a depth does. */
export function drawNetwork(graph: Graph, depth?: number): string {
  const resolutions = resolutionsOf(graph);
  const closed = closedLayers(graph, resolutions, depth);
  const items = itemsOf(graph, partsOf(graph, blocksOf(graph, closed)));
  const levels = new Set(items.map(({ value }) => resolutions.of(value)));
  const { shapes, arrows } =
    levels.size > 1 ? placeByLevels(items, resolutions, graph.bindings) : placeAsList(items);
  const frames = framesOf(shapes);
  const labels = arrows.flatMap((arrow) => labelBox(arrow, graph));
  const boxes = [...shapes.map(boxOf), ...frames.map(({ box, copies }) => widened(box, copies)), ...labels];
  const points = arrows.flatMap((arrow) => arrow.points);
  const bounds = {
    left: Math.min(...boxes.map((box) => box.left), ...points.map(([x]) => x)),
    top: Math.min(...boxes.map((box) => box.top), ...points.map(([, y]) => y)),
    right: Math.max(...boxes.map((box) => box.right), ...points.map(([x]) => x)),
    bottom: Math.max(...boxes.map((box) => box.bottom), ...points.map(([, y]) => y)),
  };
  const width = Math.ceil(Math.max(360, bounds.right - bounds.left + 2 * margin));
  const height = Math.ceil(bounds.bottom - bounds.top + 2 * margin + headHeight);
  const shift = `translate(${round((width - bounds.right - bounds.left) / 2)} ${round(margin + headHeight - bounds.top)})`;
  const colours = coloursOf(items);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeMarkup(fontFamily)}" font-size="${lineSize}" role="img">`,
    `<title>${escapeMarkup(`Architecture of ${graph.network}`)}</title>`,
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="#555"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(fitText(graph.network, 17, width - 2 * margin), margin, margin + 10, { size: 17, weight: 600 }),
    `<g transform="${shift}">`,
    ...frames.flatMap(drawFrame),
    ...arrows.map(drawArrow),
    ...shapes.map((shape) => drawShape(shape, colours)),
    ...arrows.flatMap((arrow) => drawLabel(arrow, graph)),
    "</g>",
    "</svg>",
  ].join("\n");
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Frame {
  readonly box: Box;
  readonly title: string;
  readonly copies: number;
}

function boxOf(shape: Placed): Box {
  return { left: left(shape), top: top(shape), right: right(shape), bottom: bottom(shape) };
}

function widened(box: Box, copies: number): Box {
  const by = (Math.min(copies, shownCopies) - 1) * copyOffset;
  return { ...box, right: box.right + by, top: box.top - by };
}

function framesOf(shapes: readonly Placed[]): readonly Frame[] {
  const regions = new Set(shapes.flatMap(({ item }) => item.region ?? []));
  return [...regions].map(({ title, copies }: Region, index) => {
    const inside = shapes.filter(({ item }) => item.region === [...regions][index]).map(boxOf);
    const box = {
      left: Math.min(...inside.map((each) => each.left)) - framePadding,
      top: Math.min(...inside.map((each) => each.top)) - framePadding - 16,
      right: Math.max(...inside.map((each) => each.right)) + framePadding,
      bottom: Math.max(...inside.map((each) => each.bottom)) + framePadding,
    };
    return { box, title, copies };
  });
}

function drawFrame({ box, title, copies }: Frame): string[] {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const cards = Array.from({ length: Math.min(copies, shownCopies) }, (_, index) => index).reverse();
  return [
    ...cards.map((index) => {
      const [x, y] = [box.left + index * copyOffset, box.top - index * copyOffset];
      return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="10" fill="#fcfcfa" stroke="#b9b7ad"/>`;
    }),
    text(title, box.right - 12, box.bottom - 12, { colour: "#6b6a63", anchor: "end", italic: true }),
  ];
}

function coloursOf(items: readonly Item[]): ReadonlyMap<string, readonly [string, string]> {
  const names = [
    ...new Set(items.flatMap(({ kind, captions }) => (kind === "layer" ? [captions[0]?.title ?? ""] : []))),
  ];
  return new Map(
    names.map((name, index) => [name, layerColours[index % layerColours.length] ?? operationColours]),
  );
}

function drawShape(shape: Placed, colours: ReadonlyMap<string, readonly [string, string]>): string {
  const { item, x, y, width, height } = shape;
  const [fill, edge] =
    (item.kind === "layer" ? colours.get(item.captions[0]?.title ?? "") : undefined) ?? operationColours;
  if (item.kind === "join" && width === circleSize) {
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${circleSize / 2}" fill="#fff" stroke="#555"/>${text(item.captions[0]?.title ?? "", x, y + 4.5, { size: titleSize, weight: 600, anchor: "middle" })}`;
  }
  const isPort = item.kind === "input" || item.kind === "output";
  const outline = `<rect x="${round(left(shape))}" y="${round(top(shape))}" width="${round(width)}" height="${round(height)}" rx="${isPort ? round(height / 2) : 5}" fill="${isPort ? "#fff" : fill}" stroke="${isPort ? "#555" : edge}"/>`;
  const repeated = item.repeats > 1 ? `× ${item.repeats}` : undefined;
  const middle = repeated === undefined ? x : x - 16;
  const lines: string[] = [];
  let line = top(shape) + 6;
  for (const { title, lines: below } of item.captions) {
    line += 14;
    lines.push(text(title, middle, line, { size: titleSize, weight: 600, anchor: "middle" }));
    line += 3;
    for (const each of below) {
      line += 11;
      lines.push(text(each, middle, line, { colour: "#555", anchor: "middle" }));
      line += 3;
    }
  }
  const count =
    repeated === undefined
      ? []
      : [
          text(repeated, right(shape) - 9, y + 4.5, {
            size: titleSize,
            weight: 600,
            colour: edge,
            anchor: "end",
          }),
        ];
  return [outline, ...lines, ...count].join("");
}

function drawArrow({ points }: Arrow): string {
  const path = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
  return `<path d="${path}" fill="none" stroke="#555" stroke-width="1.2" stroke-linejoin="round" marker-end="url(#head)"/>`;
}

function labelBox(arrow: Arrow, graph: Graph): readonly Box[] {
  if (!arrow.label) return [];
  const { x, y, anchor } = arrow.label;
  const width = 0.62 * lineSize * linkText(arrow.link, graph.bindings).length;
  const start = anchor === "middle" ? x - width / 2 : x;
  return [{ left: start, top: y - lineSize, right: start + width, bottom: y + 3 }];
}

function drawLabel(arrow: Arrow, graph: Graph): string[] {
  if (!arrow.label) return [];
  const { x, y, anchor } = arrow.label;
  return [
    text(linkText(arrow.link, graph.bindings), x, y, {
      colour: "#2f5d8f",
      ...(anchor === "middle" ? { anchor } : {}),
    }),
  ];
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly colour?: string;
  readonly anchor?: "middle" | "end";
  readonly italic?: boolean;
}

function text(content: string, x: number, y: number, style: TextStyle): string {
  const { size = lineSize, weight, colour = "#1a1a1a", anchor, italic } = style;
  const attributes = [
    size === lineSize ? "" : ` font-size="${size}"`,
    weight === undefined ? "" : ` font-weight="${weight}"`,
    anchor === undefined ? "" : ` text-anchor="${anchor}"`,
    italic ? ` font-style="italic"` : "",
  ].join("");
  return `<text x="${round(x)}" y="${round(y)}" fill="${colour}"${attributes}>${escapeMarkup(content)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
