import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { labelColour } from "../../../src/runtime/picture/colours.js";
import { drawPicture, writePicture } from "../../../src/runtime/picture/picture.js";
import type { Volume } from "../../../src/runtime/volume/volume.js";

type Triple = readonly [number, number, number];

interface Scan {
  readonly volume: Volume;
  readonly labels: Uint8Array;
}

/** A scan whose values and labels are functions of the place, as far right, front and up as r, a and s say. */
function scan(
  size: Triple,
  value: (r: number, a: number, s: number) => number,
  label: (r: number, a: number, s: number) => number,
  orientation = "RAS",
  spacing: Triple = [1, 1, 1],
): Scan {
  const axisOf = ["RL", "AP", "SI"].map((pair) => [...orientation].findIndex((code) => pair.includes(code)));
  const stored = [0, 0, 0];
  const storedSpacing = [0, 0, 0];
  for (const [display, axis] of axisOf.entries()) {
    stored[axis] = size[display] as number;
    storedSpacing[axis] = spacing[display] as number;
  }
  const [a0, a1, a2] = stored as [number, number, number];
  const data = new Float32Array(a0 * a1 * a2);
  const labels = new Uint8Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const voxel = [Math.floor(index / (a1 * a2)), Math.floor(index / a2) % a1, index % a2];
    const place = axisOf.map((axis) => {
      const at = voxel[axis] as number;
      return "RAS".includes(orientation[axis] as string) ? at : (stored[axis] as number) - 1 - at;
    }) as [number, number, number];
    data[index] = value(...place);
    labels[index] = label(...place);
  }
  const grid = { size: stored, spacing: storedSpacing, affine: [], orientation };
  return { volume: { grid, data } as unknown as Volume, labels };
}

const draw = ({ volume, labels }: Scan) => drawPicture(volume, volume.data, labels, { height: 64 });
const orientations = ["012", "021", "102", "120", "201", "210"].flatMap((order) =>
  Array.from({ length: 8 }, (_, flips) =>
    [...order].map((axis, at) => ["RL", "AP", "SI"][Number(axis)]?.[(flips >> at) & 1]).join(""),
  ),
);

test("a picture is the same however the file stores the patient", async () => {
  const of = (orientation: string) =>
    draw(
      scan(
        [7, 9, 8],
        (r, a, s) => r + 3 * a + 7 * s,
        (r, a, s) => (r > 3 && a > 4 && s > 2 ? 1 : 0),
        orientation,
        [1, 2, 1.5],
      ),
    );
  const expected = Buffer.from(await of("RAS"));
  expect(orientations.length).toBe(48);
  for (const orientation of orientations) {
    expect(expected.equals(Buffer.from(await of(orientation))), orientation).toBe(true);
  }
});

/** The middle of all pixels in a label's colour (outlines are), within columns from..to, as parts of the panel. */
function middleOf(png: PNG, label: number, from: number, to: number): { x: number; y: number } {
  const [red, green, blue] = labelColour(label);
  const found: [number, number][] = [];
  // The legend below has the colours, too.
  const height = 64 + 2 * 12;
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) {
      const at = (y * png.width + x) * 4;
      if (png.data[at] === red && png.data[at + 1] === green && png.data[at + 2] === blue) found.push([x, y]);
    }
  }
  expect(found.length).toBeGreaterThan(8);
  const mean = (axis: 0 | 1) => found.reduce((sum, place) => sum + place[axis], 0) / found.length;
  return { x: (mean(0) - from) / (to - from), y: mean(1) / height };
}

test("the patient's right is at the left, the front and the head are up, and sagittal slices look to the left", async () => {
  // The label lies at the patient's right, front and top.
  const png = PNG.sync.read(
    Buffer.from(
      await draw(
        scan(
          [16, 16, 16],
          () => 0,
          (r, a, s) => (r > 10 && a > 10 && s > 10 ? 1 : 0),
        ),
      ),
    ),
  );
  const panel = Math.floor(png.width / 3);
  const axial = middleOf(png, 1, 0, panel);
  const coronal = middleOf(png, 1, panel, 2 * panel);
  const sagittal = middleOf(png, 1, 2 * panel, png.width);
  for (const { x, y } of [axial, coronal, sagittal]) {
    expect(x).toBeLessThan(0.4);
    expect(y).toBeLessThan(0.4);
  }
});

test("slices keep their proportions in mm", async () => {
  const png = PNG.sync.read(
    Buffer.from(
      await draw(
        scan(
          [10, 10, 5],
          (r) => r,
          () => 0,
          "RAS",
          [1, 1, 4],
        ),
      ),
    ),
  );
  // 10 x 10 mm, 10 x 20 mm and 10 x 20 mm, the lowest 64 pixels high, and 12 pixels around each.
  expect([png.width, png.height]).toEqual([3 * 64 + 4 * 12, 128 + 2 * 12]);
});

test("labels lie half transparent over the grey, their outlines opaque", async () => {
  const labelled = scan(
    [8, 8, 8],
    () => 0,
    (r, a, s) => (Math.min(r, a, s) > 1 && Math.max(r, a, s) < 6 ? 1 : 0),
  );
  const png = PNG.sync.read(Buffer.from(await draw(labelled)));
  const colours = new Set<string>();
  for (let at = 0; at < png.data.length; at += 4) colours.add([...png.data.subarray(at, at + 3)].join());
  const colour = labelColour(1);
  expect(colours).toContain(colour.join());
  expect(colours).toContain(colour.map((channel) => Math.round(channel / 2)).join());
});

test("several slices in each direction stand in rows, over where labels are, with a legend of what is seen", async () => {
  const { volume, labels } = scan(
    [20, 20, 20],
    (r) => r,
    (r, a, s) => (r > 9 && a > 3 && a < 8 && s === 5 ? 7 : 0),
  );
  const names = new Map([[7, { name: "spleen <left> & right\uffff\ud800", colour: [1, 254, 3] as const }]]);
  const png = PNG.sync.read(
    Buffer.from(await drawPicture(volume, volume.data, labels, { slices: 3, height: 50, names })),
  );
  // Labels lie in one axial, four coronal and ten sagittal slices: one in the first row, three in the others.
  expect(png.width).toBe(3 * 50 + 4 * 12);
  expect(png.height).toBeGreaterThan(3 * 50 + 4 * 12);
  const rowsWithLabel = new Set<number>();
  for (let at = 0; at < png.data.length; at += 4) {
    if (png.data[at] === 1 && png.data[at + 1] === 254 && png.data[at + 2] === 3)
      rowsWithLabel.add(Math.floor(at / 4 / png.width / 62));
  }
  expect([...rowsWithLabel].sort()).toEqual([0, 1, 2, 3]);
});

describe("odd volumes are drawn", () => {
  const size: Triple = [4, 5, 6];
  const none = () => 0;
  test.each([
    ["without labels", scan(size, (r) => r, none)],
    ["with a single value", scan(size, () => 3, none)],
    [
      "with NaN and infinities",
      scan(size, (r) => [Number.NaN, Number.POSITIVE_INFINITY, 1][r % 3] as number, none),
    ],
    ["of one voxel", scan([1, 1, 1], none, () => 1)],
    ["of one slice", scan([64, 64, 1], (r, a) => r * a, none)],
    ["with absurd spacing", scan(size, (r) => r, none, "RAS", [1e-30, 1e30, Number.NaN])],
  ])("%s", async (_, odd) => {
    const png = PNG.sync.read(Buffer.from(await draw(odd)));
    expect(png.width).toBeLessThan(4000);
    expect(png.height).toBeLessThan(1100);
  });

  test("without letters where the file does not say how the patient lies", async () => {
    const { volume, labels } = scan(size, none, none);
    const unknown = { ...volume, grid: { ...volume.grid, orientation: "???" } };
    const letters = async (scanned: Volume) => {
      const png = PNG.sync.read(Buffer.from(await draw({ volume: scanned, labels })));
      let dots = 0;
      for (let at = 0; at < png.data.length; at += 4)
        if (png.data[at] === 255 && png.data[at + 2] === 120) dots++;
      return dots;
    };
    expect(await letters(volume)).toBeGreaterThan(100);
    expect(await letters(unknown)).toBe(0);
  });
});

test("neighbouring labels up to 300 differ in colour", () => {
  for (let label = 1; label < 300; label++) {
    const [first, second] = [labelColour(label), labelColour(label + 1)];
    const distance = Math.max(
      ...first.map((channel, index) => Math.abs(channel - (second[index] as number))),
    );
    expect(distance, `labels ${label} and ${label + 1}`).toBeGreaterThan(30);
    for (const channel of first) expect(channel).toBeGreaterThanOrEqual(0);
  }
});

test("a picture is written whole, and nothing is left where it can't be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slab-picture-"));
  try {
    const { volume, labels } = scan(
      [4, 4, 4],
      (r) => r,
      () => 0,
    );
    await writePicture(join(folder, "slices.png"), volume, volume.data, labels);
    expect(PNG.sync.read(readFileSync(join(folder, "slices.png"))).height).toBe(320 + 24);
    await expect(writePicture(join(folder, "missing", "a.png"), volume, volume.data, labels)).rejects.toThrow(
      /SLAB50/,
    );
    expect(readdirSync(folder)).toEqual(["slices.png"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
