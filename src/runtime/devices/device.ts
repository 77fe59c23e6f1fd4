import { availableParallelism, cpus } from "node:os";
import type { InferenceSession } from "onnxruntime-node";
import { unknownChoice } from "../../compiler/diagnostics/catalogue/models.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { suggestions } from "../../compiler/support/suggest.js";

/** What a network can run on. */
export type Device = "cpu" | "cuda" | "webgpu";

export const devices: readonly Device[] = ["cpu", "cuda", "webgpu"];

/** What `--device` says. Fails with a diagnostic for anything but a device and `auto`. */
export function parseDevice(text: string): Device | "auto" {
  return chosen(text, ["auto", ...devices]);
}

/** What `--device` says where one has to be named. Fails with a diagnostic for anything but a device. */
export function parseNamedDevice(text: string): Device {
  return chosen(text, devices);
}

/** What devices are called elsewhere. */
const otherNames: ReadonlyMap<string, Device> = new Map([
  ["gpu", "cuda"],
  ["nvidia", "cuda"],
  ["vulkan", "webgpu"],
  ["metal", "webgpu"],
]);

function chosen<Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  return fail(unknownChoice, {
    option: "device",
    found: text,
    choices,
    nearest: otherNames.get(text.toLowerCase()) ?? suggestions(text, choices)[0],
  });
}

const webgpu: InferenceSession.ExecutionProviderConfig = {
  name: "webgpu",
  // The layout that networks have as they are: another one would put transposes around convolutions.
  preferredLayout: "NCHW",
  // Some kernels that are started in more than 65535 groups write beyond their outputs: nothing else may change by it.
  enableRobustness: true,
};

/**
 * ONNX Runtime's execution provider for a device. Of CUDA's options its Node binding passes on the card's number alone;
 * what environment variables can do is in docs/gpu.md.
 */
export function providerOf(device: Device, card: number): InferenceSession.ExecutionProviderConfig {
  if (device === "cuda") return { name: "cuda", deviceId: card };
  if (device === "webgpu") return webgpu;
  return { name: "cpu" };
}

/** Something that a device needs and that is not here. */
export interface Missing {
  readonly what: string;
  /** The file or folder that was looked for, and where. */
  readonly lookedFor: string;
  /** How to get it. */
  readonly help: string;
}

/** What a device is, as far as the system says. */
export function deviceName(device: Device): string {
  if (device === "cpu")
    return `${cpus()[0]?.model.trim() || "a processor"}, ${availableParallelism()} threads`;
  return device === "cuda" ? "an NVIDIA card" : "a graphics card, by Vulkan, Metal or Direct3D";
}
