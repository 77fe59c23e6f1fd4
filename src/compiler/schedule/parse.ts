import {
  choiceTwice,
  emptySchedule,
  presetNotFirst,
  unknownChoice,
  unknownOption,
  unknownPreset,
} from "../diagnostics/catalogue/schedules.js";
import { fail } from "../diagnostics/diagnostic.js";
import { suggestions } from "../support/suggest.js";
import { type ChoiceName, choiceNames, optionsOf, presetNames, presets, type Schedule } from "./schedule.js";

/**
 * Reads a schedule as text: a preset `cpu`, choices `conv=folded,norm=reductions` on top of the portable ones, or both,
 * `cpu,norm=native`. Fails with SLAB7100 to SLAB7105.
 */
export function parseSchedule(text: string): Schedule {
  const items = text.split(",").map((item) => item.trim());
  const [first = ""] = items;
  const startsWithPreset = !first.includes("=");
  if (first === "") fail(emptySchedule, { found: text, presets: presetNames });
  const base = startsWithPreset ? presetCalled(first) : presets.portable.schedule;
  const given = new Map<ChoiceName, string>();
  for (const item of startsWithPreset ? items.slice(1) : items) {
    const [name = "", option = "", ...rest] = item.split("=").map((part) => part.trim());
    if (!item.includes("=")) {
      if (presetNames.some((preset) => preset === item)) fail(presetNotFirst, { preset: item });
      fail(emptySchedule, { found: item === "" ? text : item, presets: presetNames });
    }
    const choice = choiceCalled(name);
    if (given.has(choice)) fail(choiceTwice, { choice });
    given.set(choice, optionCalled(choice, [option, ...rest].join("=")));
  }
  return { ...base, ...Object.fromEntries(given) };
}

function presetCalled(wanted: string): Schedule {
  const name = presetNames.find((preset) => preset === wanted);
  if (name) return presets[name].schedule;
  return fail(unknownPreset, { found: wanted, presets: presetNames, ...suggested(wanted, presetNames) });
}

/** The choice of that name. Fails with SLAB7102. */
export function choiceCalled(wanted: string): ChoiceName {
  const name = choiceNames.find((choice) => choice === wanted);
  if (name) return name;
  return fail(unknownChoice, { found: wanted, choices: choiceNames, ...suggested(wanted, choiceNames) });
}

/** The option of that name. Fails with SLAB7103. */
export function optionCalled<Name extends ChoiceName>(choice: Name, wanted: string): Schedule[Name] {
  const options = optionsOf(choice);
  if (options.includes(wanted)) return wanted as Schedule[Name];
  return fail(unknownOption, { choice, found: wanted, options, ...suggested(wanted, options) });
}

function suggested(word: string, candidates: readonly string[]): { suggestion?: string } {
  const [suggestion] = suggestions(word, candidates);
  return suggestion === undefined ? {} : { suggestion };
}
