import * as messages from "../diagnostics/catalogue/pipelines.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import { explainOrientation, isOrientation } from "../support/orientation.js";
import {
  type Blending,
  blendings,
  type Intensity,
  type Interpolation,
  interpolations,
  type Modality,
  modalities,
  type Padding,
  type PipelineLabel,
  paddings,
  type Restoring,
  restorings,
} from "../support/pipeline.js";
import { positionOf, type Span } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Expression, Name, PipelineDeclaration, PipelineProperty } from "../syntax/ast.js";
import { readIntensity } from "./read-intensity.js";
import { readLabels } from "./read-labels.js";
import type { PipelineValues } from "./values.js";

/** What a pipeline's block says, each property read by itself; what is missing is undefined. */
export interface Properties {
  modality?: Modality;
  orientation?: string;
  spacing?: readonly [number, number, number];
  interpolation?: Interpolation;
  intensity?: Intensity;
  padding?: Padding;
  tile?: { readonly sizes: readonly number[]; readonly span: Span };
  overlap?: number;
  blending?: Blending;
  mirroring?: readonly number[];
  restoring?: Restoring;
  labels?: { readonly list: readonly PipelineLabel[]; readonly span: Span };
}

type Reader = (value: Expression, values: PipelineValues, axes: readonly string[]) => Partial<Properties>;

/** How each property is read; `labels` is a block of its own. */
const readers: Readonly<Record<Exclude<keyof Properties, "labels">, Reader>> = {
  modality: (value, values) => ({ modality: values.word(value, "modality", modalities) }),
  orientation: (value, values) => ({ orientation: readOrientation(value, values) }),
  spacing: (value, values) => ({ spacing: readSpacing(value, values) }),
  interpolation: (value, values) => ({ interpolation: values.word(value, "interpolation", interpolations) }),
  intensity: (value, values) => ({ intensity: readIntensity(value, values) }),
  padding: (value, values) => ({ padding: readPadding(value, values) }),
  tile: (value, values, axes) => ({ tile: { sizes: readTile(value, values, axes), span: value.span } }),
  overlap: (value, values) => ({ overlap: readOverlap(value, values) }),
  blending: (value, values) => ({ blending: values.word(value, "blending", blendings) }),
  mirroring: (value, values, axes) => ({ mirroring: readAxes(value, values, axes) }),
  restoring: (value, values) => ({ restoring: values.word(value, "restoring", restorings) }),
};

/** The names of a pipeline's properties, in the order in which they are usually written. */
export const propertyNames: readonly string[] = [...Object.keys(readers), "labels"];

const units: Readonly<Record<string, string>> = { spacing: "mm" };

/** Reads what a pipeline says. Each mistake is one of `diagnostics`. `axes` are the network's spatial axes. */
export function readProperties(
  declaration: PipelineDeclaration,
  axes: readonly string[],
  values: PipelineValues,
): { readonly properties: Properties; readonly diagnostics: readonly Diagnostic[] } {
  const properties: Properties = {};
  const diagnostics: Diagnostic[] = [];
  const seen = new Map<string, Name>();
  const attempt = (name: Name, read: () => Partial<Properties>) => {
    try {
      once(name, seen);
      Object.assign(properties, read());
    } catch (failure) {
      if (!(failure instanceof SlabFailure)) throw failure;
      diagnostics.push(...failure.diagnostics);
    }
  };
  for (const property of declaration.properties) {
    attempt(property.name, () => readProperty(property, axes, values));
  }
  for (const { name, labels } of declaration.blocks) {
    attempt(name, () => {
      if (name.text !== "labels") refuseProperty(name, true);
      return { labels: { list: readLabels(labels, values), span: name.span } };
    });
  }
  const missing = required.filter(([name]) => !seen.has(name));
  if (missing.length > 0) {
    const names = missing.map(([name]) => name);
    const args = { pipeline: declaration.name.text, names, examples: missing.map(([, example]) => example) };
    diagnostics.push(diagnose(messages.propertyMissing, args, { span: declaration.name.span }));
  }
  return { properties, diagnostics };
}

/** What is never left to a default: a network that sees other numbers than it was trained with is wrong without a sign. */
const required = [
  ["modality", "modality: ct, mr or other"],
  ["intensity", "intensity: window(-991, 362), zscore, minmax, percentiles(0.5, 99.5) or none"],
] as const;

function once(name: Name, seen: Map<string, Name>): void {
  const first = seen.get(name.text);
  if (!first) {
    seen.set(name.text, name);
    return;
  }
  const firstLine = positionOf(first.span.file, first.span.start).line;
  fail(messages.propertyTwice, { name: name.text, firstLine }, { span: name.span });
}

function readProperty(
  { name, value, unit }: PipelineProperty,
  axes: readonly string[],
  values: PipelineValues,
): Partial<Properties> {
  const reader = Object.hasOwn(readers, name.text) ? readers[name.text as keyof typeof readers] : undefined;
  if (!reader) return refuseProperty(name, false);
  const expected = units[name.text];
  if (unit && unit.text !== expected) {
    fail(messages.unknownUnit, { found: unit.text, property: name.text, expected }, { span: unit.span });
  }
  return reader(value, values, axes);
}

function refuseProperty(name: Name, isBlock: boolean): never {
  if (propertyNames.includes(name.text)) {
    fail(messages.misplacedBlock, { name: name.text, isBlock }, { span: name.span });
  }
  const [suggestion] = suggestions(name.text, propertyNames);
  const args = { name: name.text, known: propertyNames, ...(suggestion ? { suggestion } : {}) };
  return fail(messages.unknownProperty, args, { span: name.span });
}

function readOrientation(value: Expression, values: PipelineValues): string {
  const found = value.kind === "text" ? values.text(value) : values.shown(value);
  if (value.kind === "name" && isOrientation(value.name)) return value.name;
  const explained =
    value.kind === "text" && isOrientation(found)
      ? { problem: "it is written without quotes", near: [found] }
      : explainOrientation(found);
  return fail(messages.unknownOrientation, { found, ...explained }, { span: value.span });
}

function readSpacing(value: Expression, values: PipelineValues): readonly [number, number, number] {
  const refuse = (found: string, help?: string) =>
    fail(messages.badSpacing, { found, ...(help ? { help } : {}) }, { span: value.span });
  const sizes = numbersOf(value, values);
  const [x, y, z] = sizes ?? [];
  if (sizes?.length === 1 && x !== undefined) {
    return refuse(values.shown(value), `for voxels of equal sides: (${x}, ${x}, ${x}) mm`);
  }
  if (x === undefined || y === undefined || z === undefined || sizes?.length !== 3) {
    return refuse(values.shown(value));
  }
  // Below a micrometre or above a metre it is no size of voxels.
  if (![x, y, z].every((size) => size >= 1e-3 && size <= 1e3)) return refuse(values.shown(value));
  return [x, y, z];
}

/** Numbers in parentheses, or a size such as 1x1x3. */
function numbersOf(value: Expression, values: PipelineValues): readonly number[] | undefined {
  if (value.kind === "size") return value.sizes;
  if (value.kind !== "group") return [values.number(value, "the spacing")];
  if (value.elements.some(({ name }) => name)) return undefined;
  return value.elements.map((element) => values.number(element.value, "the spacing"));
}

function readPadding(value: Expression, values: PipelineValues): Padding {
  if (value.kind === "call" && value.target.kind === "name" && value.target.name === "constant") {
    const [only, ...more] = value.arguments;
    if (only && !only.name && more.length === 0) {
      return { kind: "constant", value: values.number(only.value, "padding") };
    }
  }
  if (value.kind === "name" && value.name === "zero") return { kind: "constant", value: 0 };
  const words = [...paddings, "zero", "constant(-1024)"] as const;
  const word = values.word(value, "padding", words);
  return { kind: word as (typeof paddings)[number] };
}

function readTile(value: Expression, values: PipelineValues, axes: readonly string[]): readonly number[] {
  const refuse = (found: string) => fail(messages.badTile, { found, axes }, { span: value.span });
  if (value.kind === "group") return refuse(values.shown(value));
  const found = values.evaluate(value);
  if (found.kind !== "size" || found.sizes.length !== axes.length) return refuse(values.shown(value));
  return found.sizes.every((size) => size >= 1 && size <= largestSize)
    ? found.sizes
    : refuse(values.shown(value));
}

/** Of one axis of a tile. */
const largestSize = 65_536;

function readOverlap(value: Expression, values: PipelineValues): number {
  const overlap = values.number(value, "overlap");
  if (overlap >= 0 && overlap < 1) return overlap;
  return fail(messages.pipelineOverlap, { found: values.shown(value) }, { span: value.span });
}

/** `x`, `(x, y)` or `none`, as places among the axes, in order. */
function readAxes(value: Expression, values: PipelineValues, axes: readonly string[]): readonly number[] {
  if (value.kind === "name" && value.name === "none") return [];
  const elements = value.kind === "group" ? value.elements.map((element) => element.value) : [value];
  const places = elements.map((element) => {
    const place = element.kind === "name" ? axes.indexOf(element.name) : -1;
    if (place >= 0) return place;
    const found = values.shown(element);
    const [suggestion] = suggestions(found, axes);
    const args = { found, axes, ...(suggestion ? { suggestion } : {}) };
    return fail(messages.unknownAxis, args, { span: element.span });
  });
  return [...new Set(places)].sort((a, b) => a - b);
}
