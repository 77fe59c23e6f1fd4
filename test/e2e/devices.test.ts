import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { softwareVulkan } from "../support/webgpu.js";
import { workFolder } from "./program.js";

const folder = workFolder();
const { slab, path } = folder;
/** Neither a driver nor CUDA's libraries can be found. */
const bare = { LD_LIBRARY_PATH: "", VK_DRIVER_FILES: "" };
const withoutCard = !["/dev/dri", "/dev/nvidia0", "/dev/dxg"].some((device) => existsSync(device));

beforeAll(() => {
  slab(["new", "liver.slab"]);
  slab(["compile", "liver.slab", "-o", "liver.onnx", "--tile", "12x12x12", "--init", "seeded"]);
  folder.writeScan("scan.nii.gz", [20, 16, 12]);
});

const run = (words: readonly string[], env: Record<string, string> = bare) =>
  slab(["run", "liver.onnx", "scan.nii.gz", ...words], { env });

test("ONNX Runtime is told to report nothing to its makers: it leaves none of the files that go with that", () => {
  mkdirSync(path("temporary"));
  // The variable that turns it off is in these tests' own environment, since they load Slab, too.
  const env = { TMPDIR: path("temporary"), ORT_DISABLE_TELEMETRY: undefined };
  expect(slab(["run", "liver.onnx", "scan.nii.gz", "-o", "quiet.nii"], { env }).exitCode).toBe(0);
  expect(readdirSync(path("temporary"))).toEqual([]);
});

describe.skipIf(!withoutCard)("on a machine without a graphics card", () => {
  test("slab devices says that the CPU works, and what is missing for the rest and how to get it", () => {
    const { exitCode, output, errors } = slab(["devices"], { env: bare });
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
    expect(output).toMatch(/^cpu +works +.+, \d+ threads$/m);
    expect(output).toMatch(/^cuda +no +not available$/m);
    expect(output).toContain("NVIDIA's driver: libcuda.so.1");
    expect(output).toContain("libonnxruntime_providers_cuda.so");
    expect(output).toContain("docs/gpu.md");
    expect(output).toContain("webgpu lacks:");
  });

  test("as JSON, with the time and the deviation of the small network that it ran", () => {
    const found = JSON.parse(slab(["devices", "--check", "--json"], { env: bare }).output);
    expect(found).toMatchObject([
      { device: "cpu", works: true, deviation: 0, missing: [] },
      { device: "cuda", works: false },
      { device: "webgpu", works: false },
    ]);
    expect(found[0].milliseconds).toBeGreaterThan(0);
    for (const { what, lookedFor, help } of found[1].missing) expect(what && lookedFor && help).toBeTruthy();
  });

  test("cuda is refused with advice, before the scan is read", () => {
    const { exitCode, output, errors } = run(["-o", "no.nii", "--device", "cuda"]);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
    expect(errors).toContain("error[SLAB5202]: cuda can't be used on this machine");
    expect(errors).toContain("= missing  NVIDIA's driver: libcuda.so.1");
    expect(errors).toContain("--device cpu always works");
    expect(existsSync(path("no.nii"))).toBe(false);
  });

  test("auto falls back to the CPU and says so; without --device nothing is said", () => {
    const { exitCode, errors } = run(["-o", "auto.nii", "--device", "auto"]);
    expect(exitCode).toBe(0);
    expect(errors).toMatch(
      /^device: cpu \(cuda: NVIDIA's driver is missing .*; webgpu: no graphics card\)$/m,
    );
    expect(run(["-o", "silent.nii"]).errors).not.toContain("device");
  });

  test("a Vulkan driver that is named and not there is what is missing", () => {
    const { exitCode, errors } = run(["-o", "no.nii", "--device", "webgpu"], {
      VK_DRIVER_FILES: "/no/driver.json",
    });
    expect(exitCode).toBe(1);
    expect(errors).toContain("SLAB5202");
    expect(errors).toContain("/no/driver.json");
  });
});

describe.skipIf(softwareVulkan === undefined)("with a Vulkan driver in software", () => {
  const env = { VK_DRIVER_FILES: softwareVulkan ?? "" };

  test("webgpu computes what the CPU does, and slab devices says that it is slow", () => {
    const { exitCode, output } = slab(["devices", "--check"], { env });
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      /^webgpu +works +[\d.]+ +[\d.]+e-\d +a driver that computes on the processor: slow$/m,
    );
  });

  test("auto does not take it", () => {
    expect(run(["-o", "auto.nii", "--device", "auto"], env).errors).toContain("device: cpu");
  });
});
