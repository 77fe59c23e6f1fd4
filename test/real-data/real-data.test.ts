import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkNetwork, emitModel } from "../../src/compiler/index.js";
import {
  encodeLabelMap,
  type Intensity,
  openModel,
  readManifest,
  readNifti,
  readNiftiFile,
  type Segmentation,
  segment,
} from "../../src/runtime/index.js";
import { repositoryHost } from "../support/host.js";
import { describeWithData, sharedPath, sharedTensors } from "../support/shared-data.js";

interface Job {
  readonly source: string;
  readonly settings: readonly string[];
  readonly tile: readonly number[];
  readonly weights: string;
  readonly intensity: Intensity;
  readonly scans: readonly string[];
}

async function segmentAll({
  source,
  settings,
  tile,
  weights,
  intensity,
  scans,
}: Job): Promise<Segmentation[]> {
  const checked = checkNetwork(source, repositoryHost, { settings, tile });
  const file = sharedTensors(weights);
  const { emitted } = emitModel(checked, { kind: "file", file, path: weights }, "unused.data");
  const model = await openModel({ bytes: emitted.model }, readManifest(emitted.model, source));
  try {
    const results: Segmentation[] = [];
    for (const scan of scans) {
      const volume = readNiftiFile(sharedPath(scan));
      const options = { intensity, tile: "model", overlap: 0.5, blend: "gaussian", pad: "minimum" } as const;
      results.push(await segment(volume, model, options));
    }
    return results;
  } finally {
    await model.close();
  }
}

const meshNets = [
  {
    weights: "model5_gw_ae/model.pth",
    settings: ["classes=3", "channels=5", "activation=relu"],
    expected: { 0: 15_523_464, 1: 518_540, 2: 735_212 },
    present: 3,
  },
  {
    weights: "model18cls/model.pth",
    settings: ["classes=18"],
    expected: { 0: 15_494_152, 1: 487_327, 2: 551_559, 3: 20_442, 5: 23_167, 6: 113_856, 7: 18_985 },
    present: 18,
  },
];

describeWithData("a trained MeshNet on a real T1 brain scan", () => {
  test.each(meshNets)(
    "$weights gives the reference's labels within 0.1 %",
    { timeout: 600_000 },
    async (net) => {
      const [result] = await segmentAll({
        source: "examples/meshnet/meshnet.slab",
        settings: net.settings,
        tile: [256, 256, 256],
        weights: net.weights,
        intensity: { kind: "minmax" },
        scans: ["t1_crop.nii.gz"],
      });
      const histogram = result?.histogram ?? [];
      for (const [label, expected] of Object.entries(net.expected)) {
        expect(Math.abs((histogram[Number(label)] ?? 0) - expected)).toBeLessThanOrEqual(0.001 * expected);
      }
      expect(histogram.filter((count) => count > 0)).toHaveLength(net.present);
    },
  );
});

interface Expected {
  readonly volumes: readonly {
    readonly name: string;
    readonly dice: readonly number[];
    readonly histogram: readonly number[];
  }[];
}

describeWithData("the trained SSH-UNet on hippocampus scans it has not seen", () => {
  test("agrees with PyTorch and MONAI on 99.9 % of the voxels and with the experts as well as they do", {
    timeout: 600_000,
  }, async () => {
    const { volumes } = JSON.parse(readFileSync(sharedPath("hippocampus/expected.json"), "utf8")) as Expected;
    const results = await segmentAll({
      source: "examples/ssh-unet/ssh-unet.slab",
      settings: ["classes=3", "width=[16, 32, 64, 128, 160]"],
      tile: [48, 48, 48],
      weights: "hippocampus/ssh-unet.safetensors",
      intensity: { kind: "zscore" },
      scans: volumes.map(({ name }) => `hippocampus/${name}`),
    });
    for (const [index, { name, dice }] of volumes.entries()) {
      const stem = `hippocampus/${name.replace(".nii.gz", "")}`;
      const labels = results[index]?.labels ?? new Uint8Array();
      const expected = readNiftiFile(sharedPath(`${stem}_expected.nii.gz`)).data;
      const equal = expected.filter((label, voxel) => label === labels[voxel]).length;
      expect(equal / expected.length).toBeGreaterThanOrEqual(0.999);
      const truth = readNiftiFile(sharedPath(`${stem}_truth.nii.gz`)).data;
      dice.forEach((value, part) => {
        expect(Math.abs(diceOf(labels, truth, part + 1) - value)).toBeLessThan(0.002);
      });
    }
  });

  test("the label map lies on the scan's own grid", () => {
    const scan = readNiftiFile(sharedPath("hippocampus/hippocampus_001.nii.gz"));
    const written = readNifti(encodeLabelMap(new Uint8Array(scan.data.length), scan, true), "labels.nii.gz");
    expect(written.grid).toEqual(scan.grid);
  });
});

function diceOf(labels: ArrayLike<number>, truth: ArrayLike<number>, label: number): number {
  let both = 0;
  let either = 0;
  for (let voxel = 0; voxel < truth.length; voxel++) {
    const a = labels[voxel] === label;
    const b = truth[voxel] === label;
    if (a && b) both += 1;
    either += Number(a) + Number(b);
  }
  return (2 * both) / either;
}
