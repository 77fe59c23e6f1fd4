import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import {
  analyze,
  checkNetwork,
  compareLayers,
  devices,
  type NetworkOptions,
  parseBudget,
  showType,
} from "../../src/compiler/index.js";
import { buildOpenReport, buildReport, type ReportRequest } from "../../src/reports/build.js";
import { renderDifference, renderOpenReports, renderReports } from "../../src/reports/render-reports.js";
import { variantOf } from "../../src/reports/variants.js";
import { repositoryHost } from "../support/host.js";

const schema = JSON.parse(readFileSync(new URL("../../docs/report.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const isReport = ajv.compile(schema);
const isDifference = ajv.compile({ $defs: schema.$defs, $ref: "#/$defs/difference" });

const plain: ReportRequest = { by: [], convention: "exact" };

function checked(file: string, options: NetworkOptions = {}) {
  return checkNetwork(file, repositoryHost, options);
}

function reportOf(file: string, options: NetworkOptions, request: ReportRequest = plain) {
  return buildReport(file, checked(file, options), request);
}

function expectValid(text: string, validate = isReport) {
  expect(validate(JSON.parse(text)) || validate.errors).toBe(true);
}

const sshUnet = "examples/ssh-unet/ssh-unet.slab";

test.each<[string, readonly number[]]>([
  [sshUnet, [32, 32, 32]],
  ["examples/meshnet/meshnet.slab", [16, 16, 16]],
  ["examples/nnunet/nnunet.slab", [64, 64, 64]],
  ["examples/vnet/vnet.slab", [32, 32, 32]],
  ["examples/tsm/tsm.slab", [4, 64, 64]],
])("the report of %s is as the schema says, with and without its sizes", (file, tile) => {
  expectValid(renderReports([reportOf(file, { tile })], "json"));
  const network = checked(file);
  const open = buildOpenReport(file, network, (type) => showType(type, network.graph.bindings));
  expectValid(renderOpenReports([open], "json"));
});

test("the schedule that was asked for gives the peak, also to a budget, and comes before the other presets", () => {
  const options = { tile: [32, 32, 32] };
  const request: ReportRequest = { ...plain, schedule: "cpu", budget: parseBudget("peak<1") };
  const data = (each: ReportRequest) => JSON.parse(renderReports([reportOf(sshUnet, options, each)], "json"));
  const [usual, cpu] = [data(plain), data(request)];
  const names = ({ memory }: { memory: { schedule: string }[] }) => memory.map(({ schedule }) => schedule);
  expect(names(usual)).toEqual(["portable", "cpu", "gpu", "memory", "webgpu"]);
  expect(names(cpu)).toEqual(["cpu", "portable", "gpu", "memory", "webgpu"]);
  expect([usual.schedule, cpu.schedule]).toEqual(["portable", "cpu"]);
  expect(usual.peak_bytes).toBe(usual.memory[0].peak_bytes);
  expect(cpu.peak_bytes).toBe(usual.memory[1].peak_bytes);
  expect(cpu.peak_bytes).not.toBe(usual.peak_bytes);
  expect(cpu.budget[0].found).toBe(cpu.peak_bytes);
  expectValid(JSON.stringify(cpu));
});

test("a report with all that can be asked for is as the schema says", () => {
  const report = reportOf(
    sshUnet,
    { tile: [32, 32, 48], batch: 1 },
    {
      by: ["layer", "level", "op", "view"],
      depth: 2,
      convention: "fvcore",
      ...(devices[0] ? { device: devices[0] } : {}),
      volume: { sizes: [64, 64, 64], overlap: 0.25 },
      budget: parseBudget("macs<1,peak<=8GB"),
      spacing: () => ({ x: 1, y: 1, z: 2.5 }),
    },
  );
  const text = renderReports([report], "json");
  expectValid(text);
  const { roofline, volume, budget, groups, receptive_fields } = JSON.parse(text);
  expect(roofline.device.name).toBe(devices[0]?.name);
  expect(volume.tiles).toBeGreaterThan(1);
  expect(budget.map(({ kept }: { kept: boolean }) => kept)).toEqual([false, true]);
  expect(groups).toHaveLength(4);
  expect(receptive_fields[0].axes[2].millimetres).toBe(receptive_fields[0].axes[2].voxels * 2.5);
});

test("several reports are a list of them", () => {
  const reports = ["1/4", "0"].map((fold) =>
    reportOf(sshUnet, { tile: [16, 16, 16], settings: [`fold=${fold}`] }),
  );
  const text = renderReports(reports, "json");
  expectValid(text);
  expect(JSON.parse(text)).toHaveLength(2);
});

test("a difference is as the schema says", () => {
  const [before, after] = ["[8, 16]", "[8, 16, 32]"].map((width) =>
    analyze(checked(sshUnet, { tile: [16, 16, 16], settings: [`width=${width}`] })),
  );
  if (!before || !after) throw new Error("two networks");
  const difference = {
    before: variantOf(sshUnet, before),
    after: variantOf(sshUnet, after),
    comparison: compareLayers(before, after),
  };
  for (const all of [false, true]) {
    expectValid(renderDifference({ ...difference, all }, "json"), isDifference);
  }
});

test("the schema refuses a report with a member missing, of another type, or unknown", () => {
  const report = JSON.parse(renderReports([reportOf(sshUnet, { tile: [16, 16, 16] })], "json"));
  const { macs, ...without } = report;
  expect(isReport(without)).toBe(false);
  expect(isReport({ ...report, macs: String(macs) })).toBe(false);
  expect(isReport({ ...report, gmacs: 1 })).toBe(false);
  expect(isReport({ ...report, coverage: { ...report.coverage, unknown: 1 } })).toBe(false);
});
