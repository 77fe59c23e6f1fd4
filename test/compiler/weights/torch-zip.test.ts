import { existsSync } from "node:fs";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { withoutModulePrefix } from "../../../src/compiler/weights/module-prefix.js";
import { openTensorFile } from "../../../src/compiler/weights/open.js";
import { codeOf, diagnosticsOf, fixture, open, watched } from "./files.js";

const values = (file: ReturnType<typeof open>, name: string) => [...(file.tensors.get(name)?.read() ?? [])];

/** A checkpoint with this pickle, in Latin-1, and one storage. */
function checkpoint(pickle: string, storage = new Uint8Array(16)): Uint8Array {
  const bytes = Uint8Array.from(pickle, (character) => character.charCodeAt(0));
  return zipSync({ "c/data.pkl": bytes, "c/data/0": storage }, { level: 0 });
}

const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
/** A pickled float32 tensor whose storage has `size` values. */
const tensor = (size: number, offset: string, shape: string, strides: string) =>
  `ctorch._utils\n_rebuild_tensor_v2\n((${text("storage")}ctorch\nFloatStorage\n${text("0")}${text("cpu")}K${String.fromCharCode(size)}tQ${offset}${shape}${strides}\x89NtR`;
const dict = (...items: string[]) => `\x80\x02}(${items.join("")}u.`;

describe("PyTorch checkpoints", () => {
  test.each(["plain.pt", "nested.pt", "deflated.pt"])("%s: names, shapes and values", (name) => {
    const file = withoutModulePrefix(open(fixture(name)), () => new Set());
    expect(file.format).toBe("torch");
    expect([...file.tensors.keys()]).toEqual([
      "conv.weight",
      "conv.bias",
      "norm.weight",
      "norm.bias",
      "norm.running_mean",
      "norm.running_var",
      "norm.num_batches_tracked",
    ]);
    expect(file.tensors.get("conv.weight")?.shape).toEqual([2, 1, 1, 1, 3]);
    expect(values(file, "conv.weight")).toEqual([0, 1, 2, 3, 4, 5]);
    expect(values(file, "conv.bias")).toEqual([0.5, -0.5]);
    expect(file.tensors.get("norm.num_batches_tracked")).toMatchObject({ shape: [], dtype: "int64" });
  });

  test("the module. before every name stays where it is wanted, and where a name lacks it", () => {
    const file = open(fixture("nested.pt"));
    expect(withoutModulePrefix(file, () => new Set(["module.conv.bias"]))).toBe(file);
    const plain = open(fixture("plain.pt"));
    expect(withoutModulePrefix(plain, () => new Set())).toBe(plain);
  });

  test("what PyTorch only notes to be negative is", () => {
    const file = open(fixture("negated.pt"));
    expect(values(file, "own")).toEqual([-0, -1, -2]);
    expect(values(file, "imaginary")).toEqual([-3, -4, -5]);
    expect(values(file, "parameter")).toEqual([-0, -1]);
  });

  test("parameters beside an optimizer's state are found", () => {
    const file = open(fixture("parameters.pt"));
    expect([...file.tensors.keys()]).toEqual(["weight"]);
    expect(values(file, "weight")).toEqual([0, 1, 2, 3]);
  });

  test("every element type becomes float32", () => {
    const file = open(fixture("types.pt"));
    expect(values(file, "half")).toEqual([1, -2.5, 65504, 2 ** -24]);
    expect(values(file, "bfloat").slice(0, 2)).toEqual([1, -2.5]);
    expect(values(file, "double")).toEqual([Math.fround(0.1), -1]);
    expect(values(file, "long")).toEqual([1, -2, 2 ** 40]);
    expect(values(file, "int")).toEqual([-(2 ** 31), 7]);
    expect(values(file, "short")).toEqual([-300, 300]);
    expect(values(file, "char")).toEqual([-128, 127]);
    expect(values(file, "byte")).toEqual([0, 255]);
    expect(values(file, "bool")).toEqual([1, 0]);
    expect(values(file, "word")).toEqual([65535, 1]);
    expect(file.tensors.get("word")?.dtype).toBe("uint16");
  });

  test("views of one storage: transposed, sliced, offset, expanded, empty", () => {
    const file = open(fixture("views.pt"));
    const grid = (i: number, j: number, k: number) => i * 12 + j * 4 + k;
    const transposed: number[] = [];
    for (let k = 0; k < 4; k++)
      for (let i = 0; i < 2; i++) for (let j = 0; j < 3; j++) transposed.push(grid(i, j, k));
    expect(file.tensors.get("transposed")?.shape).toEqual([4, 2, 3]);
    expect(values(file, "transposed")).toEqual(transposed);
    expect(values(file, "sliced")).toEqual([4, 6, 8, 10, 16, 18, 20, 22]);
    expect(values(file, "whole")).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(values(file, "last")).toEqual([20, 21, 22, 23]);
    expect(values(file, "expanded")).toEqual([5, 5, 5, 5, 5, 5]);
    expect(file.tensors.get("empty")?.shape).toEqual([0, 3]);
    expect(values(file, "empty")).toEqual([]);
    expect(values(file, "scalar")).toEqual([7]);
  });

  test("one tensor's bytes are all that reading it takes", () => {
    const source = watched(fixture("views.pt"));
    const file = openTensorFile(source, "views.pt");
    source.reads.length = 0;
    file.tensors.get("last")?.read();
    // The entry's local header, then four values.
    expect(source.reads.map(({ length }) => length)).toEqual([30, 16]);
  });

  test("a pickle that would call os.system is refused by name, and nothing runs", () => {
    const [diagnostic] = diagnosticsOf(() => open(fixture("attack.pt")));
    expect(diagnostic?.code).toBe("SLAB4022");
    expect(diagnostic?.title).toContain("posix.system");
    expect(existsSync("slab-pickle-was-run")).toBe(false);
  });

  test("a whole pickled module is refused by its class", () => {
    const [diagnostic] = diagnosticsOf(() => open(fixture("foreign-class.pt")));
    expect(diagnostic?.code).toBe("SLAB4022");
    expect(diagnostic?.title).toContain("__main__.Module");
  });

  test("a legacy checkpoint is recognized, with the way to save it again", () => {
    const [diagnostic] = diagnosticsOf(() => open(fixture("legacy.pt")));
    expect(diagnostic?.code).toBe("SLAB4002");
    expect(diagnostic?.help.join()).toContain("weights_only=True");
  });

  test("a hand-made checkpoint like the wrong ones below is right", () => {
    const bytes = checkpoint(dict(text("w"), tensor(4, "K\x00", "K\x02K\x02\x86", "K\x02K\x01\x86")));
    expect(open(bytes).tensors.get("w")?.shape).toEqual([2, 2]);
  });

  test.each<[string, string, Uint8Array]>([
    [
      "a storage of another size than its entry",
      "SLAB4007",
      checkpoint(dict(text("w"), tensor(5, "K\x00", "K\x05\x85", "K\x01\x85"))),
    ],
    [
      "a view past its storage",
      "SLAB4006",
      checkpoint(dict(text("w"), tensor(4, "K\x02", "K\x03\x85", "K\x01\x85"))),
    ],
    [
      "a stride past its storage",
      "SLAB4006",
      checkpoint(dict(text("w"), tensor(4, "K\x00", "K\x02\x85", "K\x09\x85"))),
    ],
    [
      "a negative offset",
      "SLAB4004",
      checkpoint(dict(text("w"), tensor(4, "J\xff\xff\xff\xff", "K\x02\x85", "K\x01\x85"))),
    ],
    [
      "a vast expanded view",
      "SLAB4005",
      checkpoint(dict(text("w"), tensor(4, "K\x00", "J\0\0\0\x40\x85", "K\x00\x85"))),
    ],
    ["a name twice", "SLAB4009", checkpoint(dict(text("w"), "N", text("w"), "N"))],
    ["a checkpoint without tensors", "SLAB4025", checkpoint(dict(text("epoch"), "K\x03"))],
    ["a pickle that takes from an empty stack", "SLAB4004", checkpoint("\x80\x02\x86.")],
    ["a pickle that ends too early", "SLAB4004", checkpoint("\x80\x02X\xff\xff\xff\x7fabc")],
    ["a pickle that calls a list", "SLAB4004", checkpoint("\x80\x02]]R.")],
    ["a pickle that nests without end", "SLAB4005", checkpoint(`\x80\x02${"(".repeat(1001)}.`)],
    ["an extension opcode", "SLAB4023", checkpoint("\x80\x02\x82\x01.")],
    [
      "a complex storage",
      "SLAB4010",
      checkpoint(
        `\x80\x02(${text("storage")}ctorch\nComplexFloatStorage\n${text("0")}${text("cpu")}K\x01tQ.`,
      ),
    ],
    ["a zip archive of something else", "SLAB4020", zipSync({ "readme.txt": new Uint8Array(3) })],
    [
      "a big-endian checkpoint",
      "SLAB4024",
      zipSync({ "a/data.pkl": new Uint8Array(), "a/byteorder": new TextEncoder().encode("big") }),
    ],
  ])("refuses %s", (_, code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });
});

describe("zip archives", () => {
  const archive = fixture("plain.pt");

  test("an archive that was cut short is damaged", () => {
    expect(codeOf(archive.subarray(0, archive.length - 30))).toBe("SLAB4004");
  });

  test("a deflated entry can't claim to be vast", () => {
    const bytes = zipSync({ "a/data.pkl": new Uint8Array(100_000) });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const directory = view.getUint32(bytes.length - 6, true);
    expect(view.getUint32(directory + 24, true)).toBe(100_000);
    view.setUint32(directory + 24, 0x7fffffff, true);
    expect(codeOf(bytes)).toBe("SLAB4004");
    view.setUint32(directory + 24, 50_000, true);
    expect(codeOf(bytes)).toBe("SLAB4004");
  });

  test("zip64 sizes and offsets are read", () => {
    const plain = zipSync(
      {
        "c/data.pkl": Uint8Array.from(dict(text("w"), tensor(4, "K\x00", "K\x04\x85", "K\x01\x85")), (c) =>
          c.charCodeAt(0),
        ),
        "c/data/0": new Uint8Array(16),
      },
      { level: 0 },
    );
    const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
    const directory = view.getUint32(plain.length - 6, true);
    const entries = plain.slice(directory, plain.length - 22);
    const record = new Uint8Array(56 + 20 + 22);
    const write = new DataView(record.buffer);
    write.setUint32(0, 0x06064b50, true);
    write.setBigUint64(32, 2n, true);
    write.setBigUint64(40, BigInt(entries.length), true);
    write.setBigUint64(48, BigInt(directory), true);
    write.setUint32(56, 0x07064b50, true);
    write.setBigUint64(64, BigInt(plain.length - 22), true);
    write.setUint32(76, 0x06054b50, true);
    record.fill(0xff, 84, 96);
    const bytes = new Uint8Array([...plain.subarray(0, plain.length - 22), ...record]);
    expect(open(bytes).tensors.get("w")?.shape).toEqual([4]);
  });
});
