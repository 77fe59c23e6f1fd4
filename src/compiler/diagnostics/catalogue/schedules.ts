import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB71xx: how a network is to be computed. */

export const unknownPreset = kind<{ found: string; presets: readonly string[]; suggestion?: string }>(
  "SLAB7100",
  {
    title: ({ found }) => `there is no schedule ${JSON.stringify(found)}`,
    notes: ({ presets }) => [{ label: "schedules", text: presets.join(", ") }],
    help: ({ suggestion }) =>
      suggestion
        ? `did you mean ${suggestion}?`
        : "name one of them, or single choices such as norm=reductions; a file ends in .json",
  },
);

export const emptySchedule = kind<{ found: string; presets: readonly string[] }>("SLAB7101", {
  title: () => "a schedule is a name, or choices with = between name and option",
  notes: ({ found, presets }) => [
    { label: "found", text: found === "" ? "nothing" : JSON.stringify(found) },
    { label: "schedules", text: presets.join(", ") },
  ],
  help: () =>
    "for example --schedule cpu, --schedule norm=reductions,shift=slice or --schedule cpu,norm=native",
});

export const unknownChoice = kind<{ found: string; choices: readonly string[]; suggestion?: string }>(
  "SLAB7102",
  {
    title: ({ found }) => `a schedule has no choice ${JSON.stringify(found)}`,
    notes: ({ choices }) => [{ label: "choices", text: choices.join(", ") }],
    help: ({ suggestion }) => (suggestion ? `did you mean ${suggestion}?` : undefined),
  },
);

export const unknownOption = kind<{
  choice: string;
  found: string;
  options: readonly string[];
  suggestion?: string;
}>("SLAB7103", {
  title: ({ choice, options }) => `${choice} is ${alternatives(options)}`,
  notes: ({ found }) => [{ label: "found", text: found === "" ? "nothing" : JSON.stringify(found) }],
  help: ({ suggestion }) => (suggestion ? `did you mean ${suggestion}?` : undefined),
});

export const choiceTwice = kind<{ choice: string }>("SLAB7104", {
  title: ({ choice }) => `the schedule chooses ${choice} twice`,
  help: () => "leave one of them out",
});

export const presetNotFirst = kind<{ preset: string }>("SLAB7105", {
  title: ({ preset }) => `the name ${preset} comes after other choices, which it would undo`,
  help: ({ preset }) => `put it first: --schedule ${preset},...`,
});

export const notASchedule = kind<{ found: string }>("SLAB7110", {
  title: () => "this is not a file of a schedule",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: 'JSON of the format 1 with the choices as "schedule"' },
  ],
  help: () => "slab tune writes such a file",
});

export const scheduleFileTooLarge = kind<{ bytes: number; limit: number }>("SLAB7111", {
  title: () => "this is too large for a file of a schedule",
  notes: ({ bytes, limit }) => [
    { label: "found", text: `${bytes.toLocaleString("en")} bytes` },
    { label: "expected", text: `at most ${limit.toLocaleString("en")} bytes` },
  ],
});

export const labelsNeedClasses = kind<{ found: string; limit: number }>("SLAB7112", {
  title: () => "labels are made of scores, a channel for each class",
  notes: ({ found, limit }) => [
    { label: "found", text: found },
    { label: "expected", text: `an output with an axis c of at most ${limit.toLocaleString("en")} classes` },
  ],
  help: () => "compile it without --labels, or call the output that holds the scores logits",
});
