import { statSync } from "node:fs";
import type { Command } from "commander";
import { scheduleFileTooLarge } from "../compiler/diagnostics/catalogue/schedules.js";
import { fail } from "../compiler/diagnostics/diagnostic.js";
import { optionCalled, parseSchedule } from "../compiler/schedule/parse.js";
import { type PresetName, presetNames, presets, type Schedule } from "../compiler/schedule/schedule.js";
import { decodeSchedule, largestScheduleFile } from "../compiler/schedule/stored.js";
import type { Device } from "../runtime/devices/device.js";
import { readFileBytes } from "../runtime/volume/files.js";

/** How a network is computed, as the user wrote it. */
export interface ScheduleArguments {
  readonly schedule?: string;
  readonly precision?: string;
}

/** The schedule that is made for a device. */
export const presetFor: Readonly<Record<Device, PresetName>> = { cpu: "cpu", cuda: "gpu", webgpu: "webgpu" };

/** Adds the options that say how the network is computed. */
export function addScheduleOption(command: Command): Command {
  return command
    .option(
      "--schedule <schedule>",
      `how it is computed: ${presetNames.join(", ")}, choices such as norm=reductions, or tuned.json (default: portable)`,
    )
    .option(precisionFlags, precisionHelp);
}

export const precisionFlags = "--precision <type>";
export const precisionHelp = "what it computes in: float32 or float16 (default: float32)";

/** The schedule that the user named, or the file of one; else a preset. Fails with SLAB7100 to SLAB7111. */
export function chosenSchedule(
  { schedule, precision }: ScheduleArguments,
  byDefault: PresetName = "portable",
): Schedule {
  const chosen = schedule === undefined ? presets[byDefault].schedule : scheduleCalled(schedule);
  return precision === undefined ? chosen : { ...chosen, precision: optionCalled("precision", precision) };
}

function scheduleCalled(text: string): Schedule {
  if (!text.toLowerCase().endsWith(".json")) return parseSchedule(text);
  const size = statSync(text, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestScheduleFile) {
    fail(scheduleFileTooLarge, { bytes: size, limit: largestScheduleFile }, { path: text });
  }
  return decodeSchedule(new TextDecoder().decode(readFileBytes(text)), text);
}
