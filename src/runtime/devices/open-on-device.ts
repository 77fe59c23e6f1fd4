import { deviceFailed, deviceMissing } from "../../compiler/diagnostics/catalogue/sessions.js";
import { fail, SlabFailure } from "../../compiler/diagnostics/diagnostic.js";
import type { Model } from "../session/session.js";
import type { Device, Missing } from "./device.js";
import { missingForCuda } from "./missing-for-cuda.js";
import { hasGraphicsCard, missingForWebGpu } from "./missing-for-webgpu.js";

/** What a device lacks here; nothing for one that may work. */
export function missingFor(device: Device): readonly Missing[] {
  if (device === "cuda") return missingForCuda();
  return device === "webgpu" ? missingForWebGpu() : [];
}

/** A device that `auto` could use, or why it could not. */
export interface Candidate {
  readonly device: Device;
  /** What stands against it; undefined where it is worth a try. */
  readonly reason: string | undefined;
  /** Whether the machine has what it would run on, so that its failing is news. */
  readonly expected: boolean;
}

/** The devices before the CPU, which always works, in the order in which `auto` tries them. */
export function candidates(): readonly Candidate[] {
  const card = hasGraphicsCard();
  const lacking = (device: Device) => {
    const [first] = missingFor(device);
    return first === undefined ? undefined : `${first.what} is missing (${first.lookedFor})`;
  };
  const [cuda, webgpu] = [lacking("cuda"), card ? lacking("webgpu") : "no graphics card"];
  return [
    { device: "cuda", reason: cuda, expected: cuda === undefined },
    { device: "webgpu", reason: webgpu, expected: card },
  ];
}

/** Fails with SLAB5202 where a device that was asked for is not here. */
export function requireDevice(device: Device): void {
  const missing = missingFor(device);
  if (missing.length > 0) fail(deviceMissing, { device, missing });
}

/**
 * Opens a model on the first device that it runs on, of those that were found to be worth a try.
 *
 * @param open opens it on a device, for which another graph may have to be made; that it does not run there is SLAB5203
 * @param onFallback told of a device that it does not run on, and why
 */
export async function openOnFirst(
  order: readonly Candidate[],
  open: (device: Device) => Promise<Model>,
  onFallback: (device: Device, reason: string) => void,
): Promise<Model> {
  for (const { device, reason } of order) {
    if (reason !== undefined) continue;
    try {
      return await open(device);
    } catch (error) {
      const failure = error instanceof SlabFailure ? error.diagnostics[0] : undefined;
      if (failure?.code !== deviceFailed.code) throw error;
      onFallback(device, failure.notes[0]?.text ?? failure.title);
    }
  }
  return open("cpu");
}
