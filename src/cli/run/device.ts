import { candidates, type Device, type Model, openOnFirst, requireDevice } from "../../runtime/index.js";
import type { RunSettings } from "./settings.js";

/** Opens a model on the device that is chosen, once for all scans. */
export type OnDevice = (open: (device: Device) => Promise<Model>) => Promise<Model>;

/**
 * Chooses where a network runs: on the device that was named, or, for `auto`, on the first that works. It says which one
 * where the user asked, and where a card that is there can't be used. Fails with SLAB5202 for a named device that is
 * not here.
 */
export function chooseDevice({ device, deviceAsked }: RunSettings, remark: (text: string) => void): OnDevice {
  if (device !== "auto") {
    requireDevice(device);
    return (open) => open(device);
  }
  let chosen: Device | undefined;
  return async (open) => {
    if (chosen !== undefined) return open(chosen);
    const order = candidates();
    const reasons = order.flatMap(({ device, reason }) =>
      reason === undefined ? [] : [`${device}: ${reason}`],
    );
    let failed = order.some(({ reason, expected }) => reason !== undefined && expected);
    const model = await openOnFirst(order, open, (device, reason) => {
      reasons.push(`${device}: ${reason}`);
      failed = true;
    });
    chosen = model.device;
    const why = reasons.length === 0 || chosen === "cuda" ? "" : ` (${reasons.join("; ")})`;
    if (deviceAsked || failed) remark(`device: ${chosen}${why}`);
    return model;
  };
}
