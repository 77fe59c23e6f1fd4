import {
  malformedPad,
  overlapOutOfRange,
  unknownChoice,
  unknownMirror,
} from "../../compiler/diagnostics/catalogue/models.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { suggestions } from "../../compiler/support/suggest.js";
import type { Pad } from "./extract.js";
import type { Blend } from "./weights.js";

const BLENDS: readonly Blend[] = ["gaussian", "constant"];
const PADS = ["minimum", "edge", "reflect", "wrap", "constant", "zero"] as const;

/** What `--blend` says. Fails with a diagnostic for anything but `gaussian` and `constant`. */
export function parseBlend(text: string): Blend {
  return choose("blend", text, BLENDS);
}

/**
 * What `--pad` says: `minimum`, `edge`, `reflect`, `wrap`, or `constant(-1024)`; `constant` alone, or `zero`, is 0. Fails
 * with a diagnostic for anything else.
 */
export function parsePad(text: string): Pad {
  const constant = /^constant\s*\((.*)\)$/.exec(text.trim());
  if (constant) {
    const value = Number(constant[1]);
    if (constant[1]?.trim() === "" || !Number.isFinite(value)) fail(malformedPad, { found: text });
    return { kind: "constant", value };
  }
  const kind = choose("pad", text, PADS);
  return kind === "constant" || kind === "zero" ? { kind: "constant", value: 0 } : { kind };
}

/** What `--overlap` says: a fraction in [0, 1). Fails with a diagnostic for anything else. */
export function parseOverlap(text: string): number {
  const overlap = Number(text);
  // Number("") is 0, but an empty text is no fraction.
  if (text.trim() === "" || !(overlap >= 0 && overlap < 1)) fail(overlapOutOfRange, { found: text });
  return overlap;
}

/**
 * What `--mirror` says: `all`, `none`, or names of a network's three spatial axes, such as `x,y`. Gives their indices in
 * ascending order. Fails with a diagnostic for other names and for an axis that is named twice.
 */
export function parseMirror(text: string, axes: readonly string[]): readonly number[] {
  if (text.trim() === "all") return axes.map((_, index) => index);
  if (text.trim() === "none") return [];
  const names = text.split(",").map((name) => name.trim());
  const indices = names.map((name) => axes.indexOf(name));
  if (indices.includes(-1) || new Set(indices).size < indices.length) {
    fail(unknownMirror, { found: text, axes });
  }
  return indices.sort((a, b) => a - b);
}

/** One of the words that an option takes. Fails with SLAB5118. */
export function choose<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  return fail(unknownChoice, { option, found: text, choices, nearest: suggestions(text, choices)[0] });
}
