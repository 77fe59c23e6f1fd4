import { unknownSetting } from "../compiler/diagnostics/catalogue/names.js";
import {
  bracketsTooDeep,
  malformedRange,
  noAlternatives,
  noSuchElement,
  notAList,
  nothingVaries,
  tooManyVariants,
  variedTwice,
} from "../compiler/diagnostics/catalogue/sweep.js";
import { malformedSetting } from "../compiler/diagnostics/catalogue/syntax.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import type { NetworkVariants } from "../compiler/index.js";
import { settingsIn, splitAtCommas } from "./options.js";

/** A setting, or one element of a list, with the values that it takes in turn, as the language writes them. */
export interface Variation {
  /** `fold`, `width[0]`. */
  readonly name: string;
  readonly setting: string;
  readonly index?: number;
  readonly values: readonly string[];
}

type SweptNetwork = Pick<NetworkVariants, "name" | "settings">;

/** What a sweep goes through. */
export interface SweepPlan {
  /** What has more than one value, in the order in which it was given; the last changes fastest. */
  readonly variations: readonly Variation[];
  /** Settings as texts, `classes=14`, that all variants have. */
  readonly fixed: readonly string[];
  readonly count: number;
}

/** One variant: the values of what varies, in order, and all its settings as texts. */
export interface SweepVariant {
  readonly values: readonly string[];
  readonly settings: readonly string[];
}

/** Longer ranges and larger sweeps are taken for a slip. */
const limits = { range: 10_000, variants: 10_000_000 } as const;

/**
 * Reads settings with several values: `fold=[1/2,1/4]`, `width[0]=16..64:16`. A setting that is a list takes a list of
 * lists, `width=[[8,16],[16,32]]`; with one pair of brackets that is one value. Fails with SLAB1106, SLAB2010 and SLAB7040
 * to SLAB7047.
 */
export function planSweep(texts: readonly string[], network: SweptNetwork): SweepPlan {
  const { settings } = network;
  const variations: Variation[] = [];
  const fixed: string[] = [];
  const seen = new Set<string>();
  for (const text of texts.flatMap(settingsIn)) {
    const parts = /^\s*([A-Za-z_]\w*)\s*(?:\[\s*(\d{1,6})\s*\])?\s*=(?!=)(.*)$/s.exec(text);
    if (!parts) return fail(malformedSetting, { found: text }, { path: "--set" });
    const name = parts[1] as string;
    const type = settings.find((setting) => setting.name === name)?.type ?? refuse(name, text, network);
    const variation = readVariation(name, parts[2], (parts[3] as string).trim(), type);
    if (seen.has(variation.name)) fail(variedTwice, { setting: variation.name });
    seen.add(variation.name);
    const isWhole = variation.index === undefined;
    if (isWhole && variation.values.length === 1) fixed.push(`${variation.name}=${variation.values[0]}`);
    else variations.push(variation);
  }
  for (const { setting, index } of variations) {
    const whole = variations.some((other) => other.setting === setting && other.index === undefined);
    if (index !== undefined && whole) fail(variedTwice, { setting });
  }
  const count = variations.reduce((product, { values }) => product * values.length, 1);
  if (variations.length === 0) fail(nothingVaries, { settings: settings.map(({ name }) => name) });
  if (count > limits.variants) fail(tooManyVariants, { found: count, limit: limits.variants });
  return { variations, fixed, count };
}

function refuse(name: string, text: string, { name: network, settings }: SweptNetwork): never {
  const start = text.indexOf(name);
  const span = { file: { path: "--set", text }, start, end: start + name.length };
  return fail(unknownSetting, { name, network, settings: settings.map((setting) => setting.name) }, { span });
}

function readVariation(setting: string, element: string | undefined, text: string, type: string): Variation {
  if (element === undefined) {
    return { name: setting, setting, values: alternativesOf(setting, text, type) };
  }
  if (!type.startsWith("[")) fail(notAList, { setting, type });
  const name = `${setting}[${Number(element)}]`;
  const values = alternativesOf(name, text, type.slice(1, -1));
  return { name, setting, index: Number(element), values };
}

function alternativesOf(name: string, text: string, type: string): readonly string[] {
  if (text === "") fail(noAlternatives, { setting: name, found: "nothing" });
  const depth = bracketsOf(type);
  const found = bracketsOf(text);
  if (found > depth + 1) fail(bracketsTooDeep, { setting: name, type, found: text });
  if (found <= depth) return depth === 0 ? rangeOrValue(name, text, type) : [text];
  const elements = elementsOf(text);
  if (elements.length === 0) fail(noAlternatives, { setting: name, found: text });
  const values = elements.flatMap((each) => (depth === 0 ? rangeOrValue(name, each, type) : [each]));
  return [...new Set(values)];
}

function rangeOrValue(name: string, text: string, type: string): readonly string[] {
  if (type === "string" || !/^[^"]*\.\./.test(text)) return [text];
  const refuse = (reason: string) => fail(malformedRange, { setting: name, found: text, reason });
  const parts = /^\s*(-?\d{1,15})\s*\.\.\s*(-?\d{1,15})\s*(?::\s*(\d{1,15})\s*)?$/.exec(text);
  if (!parts) return refuse("first, last and step are whole numbers");
  const [first, last, step] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1)];
  if (step === 0) return refuse("the step is 0");
  const length = Math.floor(Math.abs(last - first) / step) + 1;
  if (length > limits.range) return refuse(`it has ${length.toLocaleString("en")} numbers`);
  const direction = last < first ? -step : step;
  return Array.from({ length }, (_, index) => String(first + index * direction));
}

/** How many lists are within one another in the first element: 1 for `[1,2]` and for the type `[int]`. */
function bracketsOf(text: string): number {
  return text.startsWith("[") && text.endsWith("]") ? 1 + bracketsOf(elementsOf(text)[0] ?? "") : 0;
}

/** The texts of a list's elements. */
function elementsOf(list: string): readonly string[] {
  const inner = list.slice(1, -1).trim();
  return inner === "" ? [] : splitAtCommas(inner).map((element) => element.trim());
}

/**
 * All variants in turn; nothing is kept of those before.
 *
 * @param settingsOf the values of all settings of a variant of these texts, for lists of which one element varies
 */
export function* variantsOf(
  { variations, fixed }: SweepPlan,
  settingsOf: (settings: readonly string[]) => Readonly<Record<string, string>>,
): Generator<SweepVariant> {
  const lists = new Map<string, readonly string[]>();
  if (variations.some(({ index }) => index !== undefined)) {
    const whole = variations.filter(({ index }) => index === undefined);
    const values = settingsOf([...fixed, ...whole.map(({ name, values }) => `${name}=${values[0]}`)]);
    for (const { setting, index } of variations) {
      if (index === undefined) continue;
      const elements = elementsOf(values[setting] ?? "[]");
      if (index >= elements.length) fail(noSuchElement, { setting, index, length: elements.length });
      lists.set(setting, elements);
    }
  }
  const others = fixed.filter((text) => !lists.has(text.split("=")[0] as string));
  const position = variations.map(() => 0);
  for (;;) {
    const values = variations.map((variation, at) => variation.values[position[at] as number] as string);
    yield { values, settings: [...others, ...settingsWith(variations, values, lists)] };
    let at = variations.length - 1;
    while (at >= 0 && position[at] === (variations[at] as Variation).values.length - 1) position[at--] = 0;
    if (at < 0) return;
    position[at] = (position[at] as number) + 1;
  }
}

function settingsWith(
  variations: readonly Variation[],
  values: readonly string[],
  lists: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const changed = new Map([...lists].map(([setting, elements]) => [setting, [...elements]]));
  const texts: string[] = [];
  variations.forEach(({ setting, index }, at) => {
    const value = values[at] as string;
    if (index === undefined) texts.push(`${setting}=${value}`);
    else (changed.get(setting) as string[])[index] = value;
  });
  return [...texts, ...[...changed].map(([setting, elements]) => `${setting}=[${elements.join(",")}]`)];
}
