import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Manifest } from "../../../src/runtime/manifest.js";
import { segment } from "../../../src/runtime/segment.js";
import type { Model } from "../../../src/runtime/session/session.js";
import { parsePad } from "../../../src/runtime/tiling/options.js";
import type { Triple } from "../../../src/runtime/tiling/positions.js";
import type { Blend } from "../../../src/runtime/tiling/weights.js";
import type { Collector } from "../../../src/runtime/tiling/window.js";

/** What MONAI's `sliding_window_inference` gives; made by `make_monai_tiles.py`. */
interface Case {
  readonly size: Triple;
  readonly tile: Triple;
  readonly overlap: number;
  readonly blend: Blend;
  readonly pad: string;
  readonly mirror: readonly number[];
  readonly labels: string;
  /** Some of the blended scores, [classes, ...size], by their index. */
  readonly sampled: readonly (readonly [number, number])[];
}

const { cases } = JSON.parse(readFileSync(new URL("./monai-tiles.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};
const count = ([a, b, c]: Triple) => a * b * c;
const [factors, slopes] = [
  [0, 1, -1.5, 2.25],
  [0.5, -0.125, 0.25, -0.375],
] as const;

/** Four scores that depend on the voxel and on its place within the tile. */
function scoresOf(values: Float32Array, tile: Triple): Float32Array<ArrayBuffer> {
  const voxels = count(tile);
  return Float32Array.from({ length: 4 * voxels }, (_, index) => {
    const [label, voxel] = [Math.floor(index / voxels), index % voxels];
    const [i, j, k] = [
      Math.floor(voxel / (tile[1] * tile[2])),
      Math.floor(voxel / tile[2]) % tile[1],
      voxel % tile[2],
    ] as const;
    const place = (i + 2 * j + 3 * k) % 7;
    return (values[voxel] as number) * (factors[label] as number) + place * (slopes[label] as number);
  });
}

function modelOf(tile: Triple): Model {
  const port = (name: string, channels: number) => ({
    name,
    axes: ["n", "c", "x", "y", "z"],
    shape: [1, channels, ...tile],
  });
  return {
    manifest: { inputs: [port("volume", 1)], outputs: [port("logits", 4)] } as unknown as Manifest,
    name: "reference",
    device: "cpu",
    busy: 0,
    run: async (values) => scoresOf(values, tile),
    label: async () => expect.unreachable(),
    close: async () => undefined,
  };
}

/** Keeps the blended scores of the whole volume. */
function keepScores(size: Triple, kept: Float32Array): Collector {
  const plane = size[1] * size[2];
  return {
    add: ({ scores, weights, first, count: planes }) => {
      for (const [label, own] of scores.entries()) {
        for (let index = 0; index < planes * plane; index++) {
          const place = label * count(size) + first * plane + index;
          kept[place] = (own[index] as number) / (weights?.[index] ?? 1);
        }
      }
    },
    finish: () => ({ labels: new Uint8Array(count(size)), notNumbers: 0 }),
  };
}

test.each(cases)(
  "$size in tiles of $tile, overlap $overlap, $blend, $pad, mirrored over $mirror: MONAI's labels and scores",
  async ({ size, tile, labels, sampled, pad, ...tiling }) => {
    const data = Float32Array.from(
      { length: count(size) },
      (_, i) => ((i * 7919 + i * i * 13) % 101) / 64 - 0.75,
    );
    const options = { ...tiling, pad: parsePad(pad) };
    const found = await segment({ size, data }, modelOf(tile), options);
    expect([...found.labels].join("")).toBe(labels);
    const kept = new Float32Array(4 * count(size));
    await segment({ size, data }, modelOf(tile), { ...options, collect: () => keepScores(size, kept) });
    for (const [index, expected] of sampled) expect(kept[index]).toBeCloseTo(expected, 5);
  },
);
