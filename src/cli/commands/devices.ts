import {
  type Device,
  deviceName,
  devices,
  greatestDeviation,
  hasGraphicsCard,
  type Missing,
  missingFor,
  type ProbeReport,
  probeDevice,
} from "../../runtime/index.js";
import { parseCard } from "../options.js";
import type { Terminal } from "../terminal.js";
import { table } from "../text.js";

export interface DevicesArguments {
  readonly check?: boolean;
  readonly card: string;
  readonly json?: boolean;
}

interface Finding {
  readonly device: Device;
  readonly works: boolean;
  /** What the device is, or why it can't be used. */
  readonly remark: string;
  readonly missing: readonly Missing[];
  readonly milliseconds?: number;
  readonly deviation?: number;
}

/**
 * `slab devices`: what networks can run on here. Each device is really tried, with a small network in a process of its
 * own. With --check, exit code 1 where a device that is there computes something else than the CPU or does not run.
 */
export async function listDevices(
  { check, card, json }: DevicesArguments,
  terminal: Terminal,
): Promise<number> {
  const number = parseCard(card);
  const findings: Finding[] = [];
  for (const device of devices) findings.push(await find(device, number));
  if (json) terminal.print(JSON.stringify(findings, undefined, 2));
  else print(findings, check ?? false, terminal);
  // A device that lacks something is no fault; one that lacks nothing and still fails is.
  const faults = findings.filter(({ works, missing }) => !works && missing.length === 0);
  return check && faults.length > 0 ? 1 : 0;
}

async function find(device: Device, card: number): Promise<Finding> {
  const missing = missingFor(device);
  if (missing.length > 0) return { device, works: false, remark: "not available", missing };
  const report = await probeDevice(device, card);
  if (!report.works && device === "webgpu" && /adapter/i.test(report.message)) {
    return { device, works: false, remark: report.message, missing: [noAdapter] };
  }
  return { device, ...judged(device, report), missing };
}

function judged(device: Device, report: ProbeReport): Omit<Finding, "device" | "missing"> {
  if (!report.works) return { works: false, remark: report.message };
  const { milliseconds, deviation } = report;
  const right = deviation <= greatestDeviation;
  const software =
    device === "webgpu" && !hasGraphicsCard() ? "a driver that computes on the processor: slow" : "";
  const remark = right ? software || deviceName(device) : "computes something else than the CPU";
  return { works: right, remark, milliseconds, deviation };
}

const noAdapter: Missing = {
  what: "a graphics card that WebGPU can use",
  lookedFor: "a Vulkan device with the features that WebGPU requires",
  help: "install the card's driver; in a container, pass the card on (--gpus all, or --device /dev/dri)",
};

function print(findings: readonly Finding[], check: boolean, terminal: Terminal): void {
  const rows = findings.map(({ device, works, remark, milliseconds, deviation }) => [
    device,
    works ? "works" : "no",
    ...(check ? [milliseconds?.toFixed(1) ?? "", deviation?.toExponential(1) ?? ""] : []),
    remark,
  ]);
  const heading = ["device", "", ...(check ? ["ms", "deviation"] : []), ""];
  terminal.print(table([heading, ...rows], check ? [2, 3] : []));
  for (const { device, missing } of findings) {
    if (missing.length === 0) continue;
    terminal.print(`\n${device} lacks:`);
    for (const { what, lookedFor, help } of missing) terminal.print(`  ${what}: ${lookedFor}\n    ${help}`);
  }
  if (!check) return;
  terminal.print(
    "\nms: the fastest run of a small network; deviation: the largest difference from the CPU, as a part of the largest value",
  );
}
