import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encodeVolume } from "../../../src/runtime/index.js";
import { labelMapOf, readLabelMap } from "../../../src/runtime/labels/label-map.js";
import { namesInNifti } from "../../../src/runtime/labels/nifti-names.js";
import { readLabelNames } from "../../../src/runtime/labels/read-names.js";
import { selectLabels } from "../../../src/runtime/labels/select.js";
import { failureOf } from "../volume/failure.js";

const folder = mkdtempSync(join(tmpdir(), "slab-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: string | Uint8Array, name = "names"): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const spleenAndLiver = new Map([
  [1, { name: "spleen" }],
  [6, { name: "left kidney" }],
]);

describe("names are read from", () => {
  test.each([
    ["JSON by label", '{"1": "spleen", "6": "left kidney"}'],
    [
      "JSON by name, as nnU-Net's dataset.json",
      '{"labels": {"spleen": 1, "left kidney": 6, "region": [1, 6]}}',
    ],
    [
      "JSON by label, as the Decathlon's dataset.json",
      '{"name": "x", "labels": {"1": "spleen", "6": "left kidney"}}',
    ],
    ["lines", "1 spleen\n\n6 left kidney\n"],
    ["comma-separated values with a heading", 'label,name\r\n1,spleen\r\n6,"left kidney"\r\n'],
    ["lines with colons", "# of a CT\n1: spleen\n6: left kidney"],
  ])("%s", (_, text) => {
    expect(readLabelNames(written(text))).toEqual(spleenAndLiver);
  });

  test.each([
    ["ITK-SNAP", '# columns\n    1  255  0  10   1  1  1   "spleen"\n    6  0 0 255 0.5 1 0 "left kidney"'],
    ["FreeSurfer", "#No. Label Name: R G B A\n1  spleen  255 0 10 0\n6  left kidney 0 0 255 0"],
    [
      "niivue",
      '{"R": [0, 255, 0], "G": [0, 0, 0], "B": [0, 10, 255], "I": [0, 1, 6], "labels": ["", "spleen", "left kidney"]}',
    ],
  ])("a table of %s, with colours", (_, text) => {
    const names = readLabelNames(written(text));
    expect(names.get(1)).toEqual({ name: "spleen", colour: [255, 0, 10] });
    expect(names.get(6)?.name).toMatch(/^left/);
  });

  test("an extension of a NIfTI file, with colours", () => {
    const plain = encodeVolume(
      new Int16Array(8).fill(1),
      {
        size: [2, 2, 2],
        spacing: [1, 1, 1],
        orientation: "RAS",
        affine: [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ],
      },
      false,
    );
    const xml =
      '<CaretExtension><LabelTable><Label Key="1" Red="1.0" Green="0" Blue="0.5"><![CDATA[spl\u0007een]]></Label><Label Key="6">left kidney</Label></LabelTable></CaretExtension>';
    const extension = new Uint8Array(16 * Math.ceil((xml.length + 8) / 16));
    new DataView(extension.buffer).setInt32(0, extension.length, true);
    extension.set(new TextEncoder().encode(xml), 8);
    const file = new Uint8Array(plain.length + extension.length);
    file.set(plain.subarray(0, 352));
    file[348] = 1;
    new DataView(file.buffer).setFloat32(108, 352 + extension.length, true);
    file.set(extension, 352);
    file.set(plain.subarray(352), 352 + extension.length);
    const map = readLabelMap(written(file, "named.nii"));
    expect(map.labels).toEqual(new Uint16Array(8).fill(1));
    expect([...map.names]).toEqual([
      [1, { name: "spl een", colour: [255, 0, 128] }],
      [6, { name: "left kidney" }],
    ]);
    // A size that leads nowhere ends the search.
    new DataView(file.buffer).setInt32(352, -5, true);
    expect(namesInNifti(file, "named.nii").size).toBe(0);
  });
});

test.each([
  ["nothing", ""],
  ["broken JSON", '{"1": '],
  ["JSON without names", '{"a": {"b": 1}}'],
  ["JSON null", '{"labels": null}'],
  ["a list", "[1, 2]"],
  ["prose", "These are\nno labels."],
  ["bytes", new Uint8Array([1, 0, 2])],
])("%s is no file of names", (_, content) => {
  expect(failureOf(() => readLabelNames(written(content)))).toMatchObject({ code: "SLAB5306" });
});

test("labels are chosen by number, range and name, each once, in the order given", () => {
  expect(selectLabels("6, 1-3,2..4,Left_Kidney, SPLEEN", spleenAndLiver)).toEqual([6, 1, 2, 3, 4]);
});

test.each([
  ["splen", "SLAB5303", "did you mean spleen?"],
  ["heart", "SLAB5303", "give its number, or look up its name where the labels are named"],
  ["0", "SLAB5304", ""],
  ["3-1", "SLAB5304", ""],
  ["65536", "SLAB5304", ""],
  ["1,,2", "SLAB5304", ""],
  ["-1", "SLAB5304", ""],
  ["1.5", "SLAB5304", ""],
  ["", "SLAB5304", ""],
])("--labels %s is a mistake: %s", (text, code, help) => {
  const failure = failureOf(() => selectLabels(text, spleenAndLiver));
  expect(failure.code).toBe(code);
  expect(failure.help.join()).toContain(help);
});

test("a name that several labels have needs a number", () => {
  const names = new Map([1, 2].map((label) => [label, { name: "kidney" }]));
  expect(failureOf(() => selectLabels("kidney", names)).code).toBe("SLAB5308");
});

test.each([
  [0.5, "SLAB5300"],
  [Number.NaN, "SLAB5300"],
  [-1, "SLAB5301"],
  [65536, "SLAB5301"],
])("a voxel of %s makes a volume no label map", (value, code) => {
  const volume = { grid: {}, header: {}, data: Float32Array.of(0, 1, value, 65535) };
  expect(failureOf(() => labelMapOf(volume as never, "a.nii"))).toMatchObject({
    code,
    place: { path: "a.nii" },
  });
});
