import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";
import { openTensorFile } from "../../../src/compiler/weights/open.js";
import { elementCount } from "../../../src/compiler/weights/tensor-file.js";
import { codeOf, diagnosticsOf, fixture, floatTensors, open, watched } from "./files.js";

const valid: Record<string, Uint8Array> = {
  safetensors: floatTensors({
    "conv.weight": { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] },
    "conv.bias": { shape: [2], values: [7, 8] },
  }),
  "PyTorch checkpoint": fixture("nested.pt"),
  "PyTorch checkpoint of views": fixture("views.pt"),
  "PyTorch checkpoint of many types": fixture("types.pt"),
  "compressed PyTorch checkpoint": fixture("deflated.pt"),
};

describe("opening a file of weights", () => {
  test.each<[string, string, number[]]>([
    ["an empty file", "an empty file", []],
    ["a gzip file", "gzip", [0x1f, 0x8b, 8, 0]],
    ["an HDF5 file", "HDF5", [0x89, 0x48, 0x44, 0x46, 0x0d]],
    ["anything else", "01 02 03", [1, 2, 3]],
  ])("says that %s is none", (_, found, bytes) => {
    const [diagnostic] = diagnosticsOf(() => open(Uint8Array.from(bytes)));
    expect(diagnostic?.code).toBe("SLAB4001");
    expect(diagnostic?.place).toEqual({ path: "weights.bin" });
    expect(diagnostic?.notes.find(({ label }) => label === "found")?.text).toContain(found);
  });

  test("says that a bare pickle is one", () => {
    expect(codeOf(Uint8Array.from([0x80, 4, 0x4e, 0x2e]))).toBe("SLAB4002");
  });

  test.each(Object.keys(valid))(
    "a damaged %s is a diagnostic or other numbers, never a crash or a vast array",
    (name) => {
      const original = valid[name] as Uint8Array;
      const change = fc.record({ at: fc.nat(original.length - 1), byte: fc.nat(255) });
      fc.assert(
        fc.property(
          fc.array(change, { minLength: 1, maxLength: 6 }),
          fc.nat(original.length),
          fc.boolean(),
          (changes, end, cut) => {
            const bytes = original.slice(0, cut ? end : original.length);
            for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
            const source = watched(bytes);
            try {
              for (const tensor of openTensorFile(source, "damaged").tensors.values()) {
                expect(elementCount(tensor.shape)).toBeLessThanOrEqual(4_194_304);
                expect(tensor.read().length).toBe(elementCount(tensor.shape));
              }
            } catch (error) {
              if (!(error instanceof SlabFailure)) throw error;
            }
            for (const { offset, length } of source.reads) {
              expect(offset >= 0 && length >= 0 && offset + length <= bytes.length).toBe(true);
            }
          },
        ),
        { numRuns: 1500 },
      );
    },
  );
});
