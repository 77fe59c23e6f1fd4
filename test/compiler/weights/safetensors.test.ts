import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openTensorFile } from "../../../src/compiler/weights/open.js";
import { codeOf, diagnosticsOf, floatTensors, open, safetensors, sharedData, watched } from "./files.js";

const data = (bytes: number) => new Uint8Array(bytes);

describe("safetensors", () => {
  test("gives names, shapes and values in the file's order", () => {
    const file = open(
      floatTensors({
        "b.weight": { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] },
        a: { shape: [], values: [7] },
      }),
    );
    expect(file.format).toBe("safetensors");
    expect([...file.tensors.keys()]).toEqual(["b.weight", "a"]);
    expect(file.tensors.get("b.weight")).toMatchObject({ shape: [2, 3], dtype: "float32" });
    expect([...(file.tensors.get("b.weight")?.read() ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(file.tensors.get("a")?.read() ?? [])]).toEqual([7]);
  });

  test.each([
    ["F64", new Float64Array([0.1, -2]), [Math.fround(0.1), -2]],
    ["F16", new Uint16Array([0x3c00, 0xc100, 0x7bff, 0x0001, 0x7c00]), [1, -2.5, 65504, 2 ** -24, Infinity]],
    ["BF16", new Uint16Array([0x3f80, 0xc020]), [1, -2.5]],
    ["I64", new BigInt64Array([-2n, 2n ** 40n]), [-2, 2 ** 40]],
    ["U64", new BigUint64Array([2n ** 63n]), [2 ** 63]],
    ["I32", new Int32Array([-7]), [-7]],
    ["U32", new Uint32Array([4294967295]), [4294967296]],
    ["I16", new Int16Array([-300]), [-300]],
    ["U16", new Uint16Array([65535]), [65535]],
    ["I8", new Int8Array([-128]), [-128]],
    ["U8", new Uint8Array([255]), [255]],
    ["BOOL", new Uint8Array([1, 0]), [1, 0]],
  ])("converts %s to float32", (dtype, values, expected) => {
    const bytes = new Uint8Array(values.buffer);
    const header = { x: { dtype, shape: [expected.length], data_offsets: [0, bytes.length] } };
    expect([...(open(safetensors(header, bytes)).tensors.get("x")?.read() ?? [])]).toEqual(expected);
  });

  test("reads only the header to open, and only a tensor's bytes to read it", () => {
    const bytes = floatTensors({
      a: { shape: [4], values: [1, 2, 3, 4] },
      b: { shape: [2], values: [5, 6] },
    });
    const source = watched(bytes);
    const file = openTensorFile(source, "weights.bin");
    const headerEnd = bytes.length - 24;
    expect(Math.max(...source.reads.map(({ offset, length }) => offset + length))).toBeLessThanOrEqual(
      headerEnd,
    );
    source.reads.length = 0;
    file.tensors.get("b")?.read();
    expect(source.reads).toEqual([{ offset: bytes.length - 8, length: 8 }]);
  });

  test("a header of 640 bytes is not taken for a pickle, which begins the same", () => {
    const text = JSON.stringify({ x: { dtype: "U8", shape: [1], data_offsets: [0, 1] } }).padEnd(640);
    const bytes = safetensors(text, data(1));
    expect([bytes[0], bytes[1]]).toEqual([0x80, 2]);
    expect(open(bytes).tensors.size).toBe(1);
  });

  test.each<[string, string, Uint8Array]>([
    ["a header longer than the file", "SLAB4004", safetensors("{}").subarray(0, 9)],
    ["a header that is not JSON", "SLAB4004", safetensors("{oops")],
    ["a header with broken UTF-8", "SLAB4004", new Uint8Array([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d])],
    ["an entry that is null", "SLAB4004", safetensors({ x: null })],
    ["an entry without offsets", "SLAB4004", safetensors({ x: { dtype: "F32", shape: [1] } })],
    [
      "a negative size",
      "SLAB4004",
      safetensors({ x: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }, data(4)),
    ],
    [
      "an end before the start",
      "SLAB4006",
      safetensors({ x: { dtype: "F32", shape: [1], data_offsets: [4, 0] } }, data(4)),
    ],
    [
      "offsets outside the file",
      "SLAB4006",
      safetensors({ x: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, data(4)),
    ],
    [
      "a shape that doesn't fit the size",
      "SLAB4007",
      safetensors({ x: { dtype: "F32", shape: [2], data_offsets: [0, 4] } }, data(4)),
    ],
    [
      "a shape of more values than can be counted",
      "SLAB4007",
      safetensors({ x: { dtype: "F32", shape: [2 ** 40, 2 ** 40], data_offsets: [0, 4] } }, data(4)),
    ],
    [
      "tensors that overlap",
      "SLAB4008",
      safetensors(
        {
          x: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
          y: { dtype: "F32", shape: [1], data_offsets: [4, 8] },
        },
        data(8),
      ),
    ],
    [
      "a name that occurs twice",
      "SLAB4009",
      safetensors(
        '{"a\\u0062": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}, "ab": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}}',
        data(2),
      ),
    ],
    [
      "a type that can't be read",
      "SLAB4010",
      safetensors({ x: { dtype: "F8_E4M3", shape: [4], data_offsets: [0, 4] } }, data(4)),
    ],
  ])("refuses %s", (_, code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });

  test("refuses a header over the limit before reading it", () => {
    const start = new Uint8Array(16);
    new DataView(start.buffer).setUint32(0, 100_000_001, true);
    start[8] = 0x7b;
    const reads: number[] = [];
    const source = {
      size: 10 ** 9,
      read: (offset: number, length: number) => {
        reads.push(length);
        return start.slice(offset, offset + length);
      },
    };
    expect(diagnosticsOf(() => openTensorFile(source, "big"))[0]?.code).toBe("SLAB4005");
    expect(Math.max(...reads)).toBeLessThanOrEqual(16);
  });

  test("escapes control characters of a hostile name", () => {
    const bytes = safetensors({ "a\u001b[2J": { dtype: "F8", shape: [], data_offsets: [0, 1] } }, data(1));
    expect(diagnosticsOf(() => open(bytes))[0]?.title).toContain("a\\u001b[2J");
  });

  test("says so when the file gets shorter while it is read", () => {
    const bytes = floatTensors({ a: { shape: [2], values: [1, 2] } });
    let end = bytes.length;
    const source = { size: end, read: (at: number, n: number) => bytes.subarray(at, Math.min(end, at + n)) };
    const tensor = openTensorFile(source, "weights.bin").tensors.get("a");
    end -= 4;
    expect(diagnosticsOf(() => tensor?.read())[0]?.code).toBe("SLAB4003");
  });
});

/** Opens a real file through a file descriptor and hands it over. */
function withSharedFile(url: URL, action: (file: ReturnType<typeof openTensorFile>) => void): void {
  const descriptor = openSync(url, "r");
  try {
    const read = (offset: number, length: number) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
    };
    action(openTensorFile({ size: fstatSync(descriptor).size, read }, url.pathname));
  } finally {
    closeSync(descriptor);
  }
}

describe("real weights (skipped where the shared data is absent)", () => {
  test.for<[string, number, number]>([
    ["model5_gw_ae/model.pth", 20, 5_598],
    ["model18cls/model.pth", 20, 96_408],
    ["hippocampus/ssh-unet.safetensors", 39, 1_620_179],
  ])("%s opens by its content and holds finite values", ([name, tensors, parameters], context) => {
    const url = sharedData(name);
    if (!url) return context.skip(`no shared data ${name}`);
    withSharedFile(url, (file) => {
      expect(file.format).toBe("safetensors");
      const values = [...file.tensors.values()].map((tensor) => tensor.read());
      expect(values.length).toBe(tensors);
      expect(values.reduce((n, { length }) => n + length, 0)).toBe(parameters);
      expect(values.every((tensor) => tensor.every(Number.isFinite))).toBe(true);
    });
  });
});
