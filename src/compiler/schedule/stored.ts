import { notASchedule } from "../diagnostics/catalogue/schedules.js";
import { fail } from "../diagnostics/diagnostic.js";
import { choiceCalled, optionCalled } from "./parse.js";
import { presets, type Schedule } from "./schedule.js";

/** A schedule in a file, with what it was measured to be best for. */
export interface StoredSchedule {
  readonly format: 1;
  readonly schedule: Readonly<Record<string, string>>;
  readonly network: string;
  readonly tile: readonly number[];
  readonly device: string;
  readonly threads: number;
  readonly measured: readonly { readonly schedule: string; readonly seconds: readonly number[] }[];
}

/** A file's schedule is small; more is something else. */
export const largestScheduleFile = 65_536;

export function encodeSchedule(stored: StoredSchedule): string {
  return `${JSON.stringify(stored, null, 2)}\n`;
}

/** Reads the text of such a file; nothing of it is believed. Fails with SLAB7102, SLAB7103 or SLAB7110. */
export function decodeSchedule(text: string, path: string): Schedule {
  const content = parseJson(text, path);
  if (!isRecord(content)) return fail(notASchedule, { found: "no object" }, { path });
  if (content.format !== 1) {
    return fail(notASchedule, { found: `format ${shown(content.format)}` }, { path });
  }
  const { schedule } = content;
  if (!isRecord(schedule)) return fail(notASchedule, { found: "no choices" }, { path });
  const given = Object.entries(schedule).map(([name, option]) => {
    const choice = choiceCalled(name);
    return [choice, optionCalled(choice, typeof option === "string" ? option : shown(option))];
  });
  return { ...presets.portable.schedule, ...Object.fromEntries(given) };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail(notASchedule, { found: "text that is no JSON" }, { path });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 40);
}
