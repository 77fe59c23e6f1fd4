import { expect, test } from "vitest";
import { modelNotOpened } from "../../../src/compiler/diagnostics/catalogue/models.js";
import { deviceFailed } from "../../../src/compiler/diagnostics/catalogue/sessions.js";
import { diagnose, SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import type { Device } from "../../../src/runtime/devices/device.js";
import { type Candidate, openOnFirst } from "../../../src/runtime/devices/open-on-device.js";
import type { Model } from "../../../src/runtime/session/session.js";

const worth = (device: Device, reason?: string): Candidate => ({ device, reason, expected: true });
const failure = (device: Device) =>
  new SlabFailure([diagnose(deviceFailed, { device, message: `no ${device}` })]);

/** Opens on a device unless it fails there; remembers what was tried and told. */
async function choose(order: readonly Candidate[], failing: readonly Device[]) {
  const tried: Device[] = [];
  const told: string[] = [];
  const open = async (device: Device) => {
    tried.push(device);
    if (failing.includes(device)) throw failure(device);
    return { device } as Model;
  };
  const { device } = await openOnFirst(order, open, (passed, reason) => told.push(`${passed}: ${reason}`));
  return { device, tried, told };
}

test("the first device that is there and works is taken", async () => {
  const order = [worth("cuda"), worth("webgpu")];
  expect(await choose(order, [])).toEqual({ device: "cuda", tried: ["cuda"], told: [] });
});

test("one on which the network does not run is passed over, and it is said why", async () => {
  const order = [worth("cuda"), worth("webgpu")];
  expect(await choose(order, ["cuda"])).toEqual({
    device: "webgpu",
    tried: ["cuda", "webgpu"],
    told: ["cuda: no cuda"],
  });
});

test("one that is not there is not tried; the CPU comes last", async () => {
  const order = [worth("cuda", "no driver"), worth("webgpu")];
  expect(await choose(order, ["webgpu"])).toEqual({
    device: "cpu",
    tried: ["webgpu", "cpu"],
    told: ["webgpu: no webgpu"],
  });
});

test("a mistake that is not the device's ends it", async () => {
  const broken = new SlabFailure([diagnose(modelNotOpened, { message: "damaged" })]);
  const open = () => Promise.reject(broken);
  await expect(openOnFirst([worth("cuda")], open, () => undefined)).rejects.toBe(broken);
});
