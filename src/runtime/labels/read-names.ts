import { namesNotUnderstood } from "../../compiler/diagnostics/catalogue/metrics.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { readManifest } from "../manifest.js";
import type { Colour } from "../picture/colours.js";
import { readFileBytes } from "../volume/files.js";
import { cleanName, type LabelName, type LabelNames } from "./names.js";
import { pipelineNames } from "./pipeline-names.js";

/** The longest file of names that is read, in bytes. */
const longest = 2 ** 22;

/**
 * Reads what labels are called, and their colours where they are there, from
 * - JSON: `{"1": "spleen"}`, `{"spleen": 1}`, either below `"labels"` (nnU-Net's dataset.json), or niivue's
 *   `{"R": [], "G": [], "B": [], "labels": []}`;
 * - lines `1 spleen` or `1,spleen`, with a heading or without;
 * - the tables of ITK-SNAP (`1 255 0 0 1 1 1 "spleen"`) and FreeSurfer (`1 spleen 255 0 0 0`);
 * - the pipeline of a model that Slab compiled, a file that ends in .onnx.
 *
 * Fails with SLAB5001 to SLAB5004 or SLAB5306; for a model also as `readManifest`.
 */
export function readLabelNames(path: string): LabelNames {
  const bytes = readFileBytes(path);
  const misfit = (found: string): never => fail(namesNotUnderstood, { found }, { path });
  if (path.toLowerCase().endsWith(".onnx")) return namesInModel(bytes, path, misfit);
  if (bytes.length > longest) misfit(`${bytes.length.toLocaleString("en-US")} bytes`);
  if (bytes.length === 0) misfit("an empty file");
  if (bytes.includes(0)) misfit("a file that is not text");
  const text = new TextDecoder().decode(bytes);
  const names = /^\s*[{[]/.test(text) ? namesInJson(text, misfit) : namesInLines(text);
  if (names.size === 0) misfit(`${text.split("\n").length.toLocaleString("en-US")} lines without names`);
  return names;
}

function namesInModel(bytes: Uint8Array, path: string, misfit: (found: string) => never): LabelNames {
  const { pipeline } = readManifest(bytes, path);
  if (!pipeline) return misfit("a model without a pipeline");
  if (pipeline.labels.length === 0) return misfit("a model whose pipeline names no labels");
  return pipelineNames(pipeline.labels);
}

function namesInJson(text: string, misfit: (found: string) => never): LabelNames {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    misfit(`broken JSON: ${(error as Error).message}`);
  }
  if (Array.isArray(value)) misfit("a JSON list");
  const { labels } = value as { labels?: unknown };
  if (Array.isArray(labels)) return namesInColourMap(value as ColourMap, labels);
  const members = typeof labels === "object" && labels !== null ? labels : value;
  const found = new Map<number, LabelName>();
  for (const [key, each] of Object.entries(members as object)) {
    // Regions of nnU-Net are lists of labels: the last one is the region's own.
    const entry = typeof each === "number" ? [each, key] : [Number(key), each];
    const [label, name] = entry as [number, unknown];
    if (isLabel(label) && key.trim() !== "" && typeof name === "string" && name.trim() !== "") {
      found.set(label, { name: cleanName(name) });
    }
  }
  return found;
}

interface ColourMap {
  readonly R?: unknown;
  readonly G?: unknown;
  readonly B?: unknown;
  readonly I?: unknown;
}

function namesInColourMap({ R, G, B, I }: ColourMap, labels: readonly unknown[]): LabelNames {
  const found = new Map<number, LabelName>();
  const part = (list: unknown, index: number) => (Array.isArray(list) ? list[index] : undefined);
  for (const [index, name] of labels.entries()) {
    const label = part(I, index) ?? index;
    if (typeof name !== "string" || !isLabel(label)) continue;
    found.set(label, named(name, [part(R, index), part(G, index), part(B, index)]));
  }
  return found;
}

const lineForms: readonly {
  readonly pattern: RegExp;
  readonly fields: readonly ("label" | "name" | "red" | "green" | "blue")[];
}[] = [
  {
    pattern: /^(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+[\d.]+\s+[01]\s+[01]\s+"([^"]*)"$/,
    fields: ["label", "red", "green", "blue", "name"],
  },
  {
    pattern: /^(\d+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+)(?:\s+\d+)?$/,
    fields: ["label", "name", "red", "green", "blue"],
  },
  { pattern: /^(\d+)\s*[,;:=\t]\s*"?([^",;]+?)"?\s*(?:[,;].*)?$/, fields: ["label", "name"] },
  { pattern: /^(\d+)\s+"?(.+?)"?$/, fields: ["label", "name"] },
];

function namesInLines(text: string): LabelNames {
  const found = new Map<number, LabelName>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    for (const { pattern, fields } of lineForms) {
      const match = pattern.exec(line);
      if (!match) continue;
      const field = (name: (typeof fields)[number]) => match[fields.indexOf(name) + 1] ?? "";
      const colour = (["red", "green", "blue"] as const).map((name) =>
        fields.includes(name) ? Number(field(name)) : Number.NaN,
      );
      if (isLabel(Number(field("label")))) found.set(Number(field("label")), named(field("name"), colour));
      break;
    }
  }
  return found;
}

function named(name: string, parts: readonly unknown[]): LabelName {
  const fits = parts.every((part) => typeof part === "number" && part >= 0 && part <= 255);
  return fits ? { name: cleanName(name), colour: parts as unknown as Colour } : { name: cleanName(name) };
}

function isLabel(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535;
}
