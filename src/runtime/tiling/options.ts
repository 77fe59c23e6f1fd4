import { overlapOutOfRange, unknownChoice } from "../../compiler/diagnostics/catalogue/models.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { suggestions } from "../../compiler/support/suggest.js";
import type { Pad } from "./extract.js";
import type { Blend } from "./weights.js";

const BLENDS: readonly Blend[] = ["gaussian", "constant"];
const PADS: readonly Pad[] = ["minimum", "zero", "edge"];

/** What `--blend` says. Fails with a diagnostic for anything but `gaussian` and `constant`. */
export function parseBlend(text: string): Blend {
  return choose("blend", text, BLENDS);
}

/** What `--pad` says. Fails with a diagnostic for anything but `minimum`, `zero` and `edge`. */
export function parsePad(text: string): Pad {
  return choose("pad", text, PADS);
}

/** What `--overlap` says: a fraction in [0, 1). Fails with a diagnostic for anything else. */
export function parseOverlap(text: string): number {
  const overlap = Number(text);
  // Number("") is 0, but an empty text is no fraction.
  if (text.trim() === "" || !(overlap >= 0 && overlap < 1)) fail(overlapOutOfRange, { found: text });
  return overlap;
}

function choose<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  return fail(unknownChoice, { option, found: text, choices, nearest: suggestions(text, choices)[0] });
}
