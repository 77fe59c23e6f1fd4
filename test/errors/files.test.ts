import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "fflate";
import { afterAll, expect, test } from "vitest";
import { SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../src/compiler/diagnostics/render.js";
import {
  bytesSource,
  checkNetwork,
  describeLibrary,
  emitModel,
  lookUp,
  openTensorFile,
} from "../../src/compiler/index.js";
import {
  parsePipeline,
  preparePipeline,
  readNifti,
  readNiftiFile,
  type ScanPipeline,
  type Volume,
  writeFileAtomically,
} from "../../src/runtime/index.js";
import { floatTensors, safetensors } from "../compiler/weights/files.js";
import { buildNifti } from "../runtime/volume/nifti-bytes.js";
import { repositoryHost } from "../support/host.js";

/** Wrong files that are not programs, and what a user sees for each; UPDATE_ERRORS=1 writes the texts anew. */
const scratch = mkdtempSync(join(tmpdir(), "slab-errors-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const text = `network Net {
  input volume: float[n, c: 1, x, y, z]
  output logits = volume -> conv1: Conv(2, 3x3x3) -> head: Conv(2, 1x1x1, bias: true)
}
`;

function compileWith(bytes: Uint8Array): void {
  const host = { ...repositoryHost, read: () => text };
  const checked = checkNetwork("net.slab", host, { tile: [8, 8, 8] });
  const file = openTensorFile(bytesSource(bytes), "weights.safetensors");
  emitModel(checked, { kind: "file", file, path: "weights.safetensors" }, "net.data");
}

const tensor = (...shape: number[]) => ({
  shape,
  values: new Array(shape.reduce((a, b) => a * b, 1)).fill(0),
});
const right = {
  "conv1.weight": tensor(2, 1, 3, 3, 3),
  "head.weight": tensor(2, 2, 1, 1, 1),
  "head.bias": tensor(2),
};
const { "head.bias": bias, ...withoutBias } = right;

const attack = readFileSync(new URL("../compiler/weights/fixtures/attack.pt", import.meta.url));
const scan = buildNifti();

/** Prepares a scan of one row of voxels, 1 mm apart. */
function prepared(
  pipeline: Partial<ScanPipeline>,
  values: readonly number[],
  header = {},
  remark?: Parameters<typeof preparePipeline>[1],
) {
  const plain = {
    modality: "mr",
    intensity: { kind: "none" },
    interpolation: "linear",
    restoring: "labels",
  } as const;
  const affine = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)));
  const size = [values.length, 1, 1] as const;
  const scan = {
    data: Float32Array.from(values),
    grid: { size, spacing: [1, 1, 1] as const, affine, orientation: "RAS" },
    header: { pixdim: [1, 1, 1, 1], sformCode: 1, ...header } as unknown as Volume["header"],
  };
  return preparePipeline({ ...plain, ...pipeline }, remark)(scan, "scan.nii");
}

const cases: Record<string, () => unknown> = {
  "docs-misspelt": () => lookUp("Covn", describeLibrary(repositoryHost)),
  "scan-truncated": () => readNifti(scan.subarray(0, scan.length - 1), "scan.nii"),
  "scan-header-truncated": () => readNifti(scan.subarray(0, 200), "scan.nii"),
  "scan-not-gzip": () => readNifti(new TextEncoder().encode("this is not a scan"), "scan.nii.gz"),
  "scan-gzip-cut": () => readNifti(gzipSync(scan).subarray(0, 60), "scan.nii.gz"),
  "scan-empty": () => readNifti(new Uint8Array(), "scan.nii"),
  "scan-zero-size": () => readNifti(buildNifti({ dims: [3, 2, 0, 4, 1, 1, 1, 1] }), "scan.nii"),
  "scan-negative-size": () => readNifti(buildNifti({ dims: [3, 2, -3, 4, 1, 1, 1, 1] }), "scan.nii"),
  "scan-4d": () => {
    const voxels = new Uint8Array(48);
    return readNifti(buildNifti({ dims: [4, 2, 3, 4, 2, 1, 1, 1], voxels }), "scan.nii");
  },
  "scan-of-colours": () => readNifti(buildNifti({ datatype: 128 }), "scan.nii"),
  "scan-singular": () => {
    const flat = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ];
    return readNifti(buildNifti({ sformCode: 1, sform: flat }), "scan.nii");
  },
  "scan-with-nan": () => prepared({}, [1, Number.NaN, Number.POSITIVE_INFINITY]),
  "scan-without-spacing": () =>
    prepared({ spacing: [1, 1, 1] }, [1, 2], { pixdim: [1, 0, 1, 1], sformCode: 0 }),
  "scan-of-zeros": () => prepared({ intensity: { kind: "zscore", over: "nonzero" } }, [0, 0]),
  "pipeline-damaged": () => parsePipeline('{"format": 1, "name": 5}', "model.onnx"),
  "pipeline-newer": () => parsePipeline('{"format": 9}', "model.onnx"),
  "pipeline-not-json": () => parsePipeline("RAS, please", "model.onnx"),
  "scan-of-the-wrong-range": () =>
    prepared({ modality: "ct" }, [0, 0.5, 1], {}, (remark) => {
      throw new SlabFailure([remark]);
    }),
  "scan-missing": () => readNiftiFile("no-such-folder/scan.nii"),
  "weights-missing": () => compileWith(floatTensors(withoutBias)),
  "weights-renamed": () => compileWith(floatTensors({ ...withoutBias, "haed.bias": bias })),
  "weights-extra": () => compileWith(floatTensors({ ...right, "tail.bias": tensor(2) })),
  "weights-misshapen": () => compileWith(floatTensors({ ...right, "conv1.weight": tensor(4, 1, 3, 3, 3) })),
  "weights-not-json": () => compileWith(safetensors("{ not json")),
  "weights-outside": () =>
    compileWith(safetensors({ a: { dtype: "F32", shape: [4], data_offsets: [0, 16] } }, new Uint8Array(8))),
  "weights-not-weights": () => compileWith(new TextEncoder().encode("import torch\n".repeat(20))),
  "weights-that-run-code": () => compileWith(attack),
  "output-folder-missing": () => writeFileAtomically("no-such-folder/labels.nii.gz", scan),
};

test.each(Object.keys(cases))("%s", (name) => {
  const expected = new URL(`./files/${name}.txt`, import.meta.url);
  let found = "nothing is wrong";
  try {
    (cases[name] as () => unknown)();
  } catch (failure) {
    if (!(failure instanceof SlabFailure)) throw failure;
    found = `${renderDiagnostics(failure.diagnostics)}\n`;
  }
  expect(found).not.toBe("nothing is wrong");
  if (process.env.UPDATE_ERRORS) writeFileSync(expected, found);
  expect(found).toBe(readFileSync(expected, "utf8"));
});

test("a file that cannot be written leaves nothing behind", () => {
  const folder = join(scratch, "taken");
  mkdirSync(join(folder, "labels.nii.gz"), { recursive: true });
  expect(() => writeFileAtomically(join(folder, "labels.nii.gz"), scan)).toThrow(SlabFailure);
  expect(readdirSync(folder)).toEqual(["labels.nii.gz"]);
  expect(readdirSync(join(folder, "labels.nii.gz"))).toEqual([]);
});
