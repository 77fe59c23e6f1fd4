import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { builtFile } from "../built-file.js";
import { plainWords } from "../session/plain-words.js";
import type { Device } from "./device.js";

/** What a small network did on a device. */
export type ProbeReport =
  | {
      readonly works: true;
      /** The fastest of a few runs. */
      readonly milliseconds: number;
      /** The largest difference from the CPU, as a part of the largest value. */
      readonly deviation: number;
    }
  | { readonly works: false; readonly message: string };

/** Longer than a driver takes to compile the few kernels of a small network. */
const TIME_LIMIT = 120_000;
/** Single precision with TensorFloat-32 inside, which CUDA uses for convolutions, differs by some 1e-3. */
export const greatestDeviation = 1e-2;

/** Runs a small network on a device, in a process of its own: a driver that crashes ends that process alone. */
export function probeDevice(device: Device, card = 0): Promise<ProbeReport> {
  const file = fileURLToPath(builtFile(import.meta.url, "probe", "devices"));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, device, String(card)], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIME_LIMIT,
    });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    child.on("error", (error) => resolve({ works: false, message: error.message }));
    child.on("close", (code, signal) => {
      const last = output.trim().split("\n").at(-1) ?? "";
      if (code !== 0 || !last.startsWith("{")) {
        const how = signal === null ? `exit code ${code}` : signal;
        return resolve({ works: false, message: `the process that tried it ended: ${how}` });
      }
      const report = JSON.parse(last) as ProbeReport;
      resolve(report.works ? report : { works: false, message: explain(report.message, errors) });
    });
  });
}

/** ONNX Runtime's own words name a place in its sources, and the cause, if at all, in its log. */
function explain(message: string, log: string): string {
  const [, cause] = /Failed to load library \S+ with error: ([^\n]+)/.exec(log) ?? [];
  return cause?.trim() ?? plainWords(message);
}
