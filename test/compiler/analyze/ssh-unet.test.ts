import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Analysis,
  analyze,
  checkNetwork,
  evaluateFormula,
  formulas,
  groupLayers,
} from "../../../src/compiler/index.js";
import { repositoryHost } from "../../support/host.js";

interface Modules {
  readonly parameters: Readonly<Record<string, number>>;
  readonly macs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const modules: Modules = JSON.parse(
  readFileSync(new URL("references/ssh-unet-modules.json", import.meta.url), "utf8"),
);
const file = "examples/ssh-unet/ssh-unet.slab";
const at = (size: number, settings: readonly string[] = []) =>
  checkNetwork(file, repositoryHost, { tile: [size, size, size], settings });
const convention = ({ conventions }: Analysis, wanted: string) =>
  conventions.find(({ name }) => name === wanted)?.value;

/** The authors' modules by level: `input_block` and the last upsampling are on the finest. */
function levelOfModule(module: string): string {
  const [block = "", index = "0"] = module.split(".");
  const halvings = { input_block: 0, output_block: 0, downsamples: Number(index) + 1, bottleneck: 4 }[block];
  const level = halvings ?? 3 - Number(index);
  return level === 0 ? "1" : `1/${2 ** level}`;
}

describe("SSH-UNet at 128³ with 16 classes", () => {
  let analysis: Analysis;
  beforeAll(() => {
    analysis = analyze(at(128));
  });

  test("has the paper's parameters, and three views that apply them", () => {
    expect(analysis.parameters.trainable).toBe(6_480_208n);
    expect(analysis.parameters.applied).toBe(3n * (6_480_208n - 1_584n) + 1_584n);
    expect(analysis.parameters.buffers).toBe(0n);
    expect(analysis.parameters.bytes).toBe(4n * 6_480_208n);
  });

  test("counts every multiply-accumulate", () => {
    expect(analysis.total.macs).toBe(518_673_924_096n);
    // Two for each, one for each bias element, 4 for each element of a norm, 1 for each of an activation or an addition.
    const elements = 368_050_176n + 4n * 1_672_904_704n + 1_137_639_424n;
    const residuals = [32n * 128n ** 3n, 64n * 64n ** 3n, 128n * 32n ** 3n, 256n * 16n ** 3n]
      .map((ofLevel) => 2n * ofLevel)
      .reduce((sum, ofLevel) => sum + ofLevel, 320n * 8n ** 3n);
    const additions = 3n * residuals + 2n * 32n * 128n ** 3n;
    expect(analysis.total.flops).toBe(2n * 518_673_924_096n + elements + additions);
  });

  test("agrees with other tools by their conventions", () => {
    expect(convention(analysis, "fvcore")).toBe(525_365_542_912n);
    expect(convention(analysis, "torch")).toBe(2n * 518_673_924_096n);
  });

  test("knows the cost of every operation", () => {
    const { counted, free, unknown } = analysis.coverage;
    expect(counted + free).toBe(analysis.layers.length);
    expect(unknown).toBe(0);
  });

  test("levels are the sums of the authors' modules on them", () => {
    const expected = new Map<string, bigint>();
    for (const [module, macs] of Object.entries(modules.macs["128"] ?? {})) {
      const level = levelOfModule(module);
      expected.set(level, (expected.get(level) ?? 0n) + BigInt(macs));
    }
    const found = groupLayers(analysis, "level").map(({ key, macs }) => [key, macs] as const);
    expect(found.map(([level]) => level)).toEqual(["1", "1/2", "1/4", "1/8", "1/16"]);
    expect(new Map(found)).toEqual(expected);
  });

  test("views cost the same, and weights count for the first", () => {
    const views = groupLayers(analysis, "view");
    expect(views.map(({ key }) => key)).toEqual(["sagittal", "coronal", "axial", "none"]);
    const [sagittal, coronal, axial, none] = views;
    expect(coronal?.macs).toBe(sagittal?.macs);
    expect(axial?.macs).toBe(sagittal?.macs);
    expect(none?.macs).toBe(3_221_225_472n);
    expect(views.map(({ parameters }) => parameters)).toEqual([6_478_624n, 0n, 0n, 1_584n]);
    expect(axial?.appliedParameters).toBe(6_478_624n);
  });

  test("every grouping adds up to the total", () => {
    for (const by of ["total", "layer", "level", "op", "view"] as const) {
      const groups = groupLayers(analysis, by, by === "layer" ? 2 : undefined);
      for (const count of ["macs", "flops", "bytesRead", "bytesWritten"] as const) {
        expect(groups.reduce((sum, group) => sum + group[count], 0n)).toBe(analysis.total[count]);
      }
      expect(groups.reduce((sum, { parameters }) => sum + parameters, 0n)).toBe(6_480_208n);
      expect(groups.reduce((sum, { layers }) => sum + layers, 0)).toBe(analysis.layers.length);
    }
  });
});

test.each([128, 96])("each module at %i³ has the authors' multiply-accumulates and parameters", (size) => {
  const checked = at(size);
  const macs = new Map<string, bigint>();
  const parameters = new Map<string, bigint>();
  const add = (map: Map<string, bigint>, key: string, value: bigint) =>
    map.set(key, (map.get(key) ?? 0n) + value);
  for (const layer of analyze(checked).layers) {
    if (layer.appliedParameters === 0n) continue;
    const module = checked.foreignName("authors", `${layer.path}.weight`).replace(/\.weight$/, "");
    add(macs, module, layer.macs);
    add(parameters, module, layer.parameters);
  }
  const asBigint = (values: Readonly<Record<string, number>> = {}) =>
    new Map(Object.entries(values).map(([module, value]) => [module, BigInt(value)]));
  expect(macs).toEqual(asBigint(modules.macs[size]));
  expect(parameters).toEqual(asBigint(modules.parameters));
});

test("at 96³ ptflops 0.6.6 would print 289.72 G if each module were registered once", () => {
  const analysis = analyze(at(96));
  expect(analysis.total.macs).toBe(218_815_561_728n);
  expect(convention(analysis, "fvcore")).toBe(221_638_588_416n);
  expect(convention(analysis, "ptflops")).toBe(289_718_014_464n);
});

test("the paper's 288.99 G is half of what ptflops prints when it meets the U's blocks twice", () => {
  const analysis = analyze(at(96));
  // Registered once: the two 1x1x1 convolutions behind the sum of the views, with their norm and activation.
  const once = analysis.layers
    .filter(({ views }) => views.length === 0)
    .reduce((sum, { conventions }) => sum + conventions.ptflops, 0n);
  expect(once).toBe(1_458_044_928n);
  const all = convention(analysis, "ptflops") ?? 0n;
  expect(2n * (all - once) + once).toBe(577_977_984_000n);
});

test("formulas give the counts of any size that is divisible by 16", () => {
  const found = formulas(checkNetwork(file, repositoryHost));
  expect(found.divisibility).toEqual(["x", "y", "z"].map((axis) => ({ axis, divisor: 16 })));
  expect(found.formulas.find(({ name }) => name === "macs")?.text).toBe("247323 * n*x*y*z");
  const analysis = analyze(checkNetwork(file, repositoryHost, { tile: [32, 64, 48], batch: 3 }));
  const counts: Readonly<Record<string, bigint | undefined>> = {
    macs: analysis.total.macs,
    flops: analysis.total.flops,
    bytes: analysis.total.bytesRead + analysis.total.bytesWritten,
    fvcore: convention(analysis, "fvcore"),
    ptflops: convention(analysis, "ptflops"),
    torch: convention(analysis, "torch"),
  };
  for (const formula of found.formulas) {
    expect(evaluateFormula(formula, { n: 3, x: 32, y: 64, z: 48 }), formula.name).toBe(counts[formula.name]);
  }
});
