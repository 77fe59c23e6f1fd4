import type { Analysis } from "../compiler/index.js";
import type { Facts } from "./document.js";
import { showShape, type Variant } from "./report.js";

/** A letter for each variant, with what is particular to it; and what they have in common. */
export interface Legend {
  readonly entries: readonly { readonly letter: string; readonly text: string }[];
  readonly common: string;
}

/** By what a network that was counted can be told from others. */
export function variantOf(file: string, analysis: Analysis): Variant {
  const { network, arguments: settings, inputs } = analysis;
  const input = inputs.map(({ name, axes }) => `${name} ${showShape(axes)}`).join(", ");
  return { file, network, settings, input };
}

/** Says by what variants differ, so that a table can name them by one letter. */
export function legendOf(variants: readonly Variant[]): Legend {
  const properties = variants.map(propertiesOf);
  const names = [...new Set(properties.flatMap((each) => [...each.keys()]))];
  const differing = names.filter((name) => new Set(properties.map((each) => each.get(name))).size > 1);
  const text = (each: ReadonlyMap<string, string>, wanted: readonly string[]) =>
    wanted.flatMap((name) => each.get(name) ?? []).join(", ");
  return {
    entries: properties.map((each, index) => ({
      letter: letter(index),
      text: text(each, differing) || "the same as the others",
    })),
    common: text(
      properties[0] ?? new Map(),
      names.filter((name) => !differing.includes(name)),
    ),
  };
}

/** The legend as a block of a document. */
export function legendFacts({ entries, common }: Legend): Facts {
  return {
    kind: "facts",
    facts: [
      ...entries.map(({ letter, text }) => ({ name: letter, text })),
      ...(common === "" ? [] : [{ name: "all", text: common }]),
    ],
  };
}

function propertiesOf({ file, network, settings, input }: Variant): ReadonlyMap<string, string> {
  return new Map([
    ["network", network],
    ["file", file],
    ...Object.entries(settings).map(([name, value]): [string, string] => [` ${name}`, `${name} = ${value}`]),
    ["input", input],
  ]);
}

/** A to Z, then A2 to Z2 and so on. */
function letter(index: number): string {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round === 0 ? "" : String(round + 1));
}
