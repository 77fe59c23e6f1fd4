import { kind } from "../diagnostic.js";

/**
 * A name out of a file as it is safe to print: control characters escaped, long ones cut. Names in a hostile file could
 * otherwise drive a terminal.
 */
export function shownName(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 117)}...` : name;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being looked for
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** `[8, 1, 1, 3, 3]`; long shapes are cut. */
export function shownShape(shape: readonly number[]): string {
  return shape.length > 12 ? `[${shape.slice(0, 12).join(", ")}, ...]` : `[${shape.join(", ")}]`;
}

/** A count with thousands separators, the same everywhere. */
export function shownCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

const saveAgain =
  "save the weights alone: safetensors.torch.save_file(model.state_dict(), path) or torch.save(model.state_dict(), path)";

export const notTensorFile = kind<{ found: string }>("SLAB4001", {
  title: () => "this file holds no weights that Slab can read",
  notes: ({ found }) => [
    { label: "found", text: found },
    {
      label: "expected",
      text: "a safetensors file or a PyTorch checkpoint (told apart by content, not by name)",
    },
  ],
  help: () => saveAgain,
});

export const bareTorchPickle = kind<{ legacy: boolean }>("SLAB4002", {
  title: ({ legacy }) =>
    legacy
      ? "this PyTorch checkpoint is in the format from before PyTorch 1.6"
      : "this file is a bare Python pickle",
  notes: ({ legacy }) => [
    {
      label: "found",
      text: legacy ? "a legacy checkpoint, a series of pickles" : "a pickle, not in a zip archive",
    },
    { label: "expected", text: "a PyTorch zip checkpoint or a safetensors file" },
  ],
  help: ({ legacy }) =>
    legacy
      ? "save it again with a current PyTorch, if you trust it: torch.save(torch.load(path, weights_only=True), new_path)"
      : saveAgain,
});

export const fileShrank = kind<{ offset: number; length: number; found: number }>("SLAB4003", {
  title: () => "the file of weights became shorter while it was read",
  notes: ({ offset, length, found }) => [
    { label: "found", text: `${shownCount(found)} bytes at offset ${shownCount(offset)}` },
    { label: "expected", text: `${shownCount(length)} bytes` },
  ],
  help: () => "wait until whatever writes it is done, then try again",
});

export const damagedFile = kind<{ format: string; found: string; expected?: string }>("SLAB4004", {
  title: ({ format }) => `this ${format} is damaged`,
  notes: ({ found, expected }) => [
    { label: "found", text: found },
    expected === undefined ? undefined : { label: "expected", text: expected },
  ],
  help: () => "download or save it again",
});

export const overLimit = kind<{ what: string; found: number; limit: number; unit: string }>("SLAB4005", {
  title: ({ what }) => `${what} is larger than Slab reads`,
  notes: ({ found, limit, unit }) => [
    { label: "found", text: `${shownCount(found)} ${unit}` },
    { label: "expected", text: `at most ${shownCount(limit)} ${unit}` },
  ],
  help: () => saveAgain,
});

export const tensorOutside = kind<{ tensor: string; found: string; room: number }>("SLAB4006", {
  title: ({ tensor }) => `tensor \`${shownName(tensor)}\` lies outside the file's data`,
  notes: ({ found, room }) => [
    { label: "found", text: found },
    { label: "expected", text: `a place inside the ${shownCount(room)} bytes of data` },
  ],
  help: () => "the file was cut short or is damaged: download or save it again",
});

export const tensorSizeMismatch = kind<{
  tensor: string;
  shape: readonly number[];
  dtype: string;
  needed: number;
  found: number;
}>("SLAB4007", {
  title: ({ tensor }) => `the size of tensor \`${shownName(tensor)}\` doesn't fit its shape`,
  notes: ({ shape, dtype, needed, found }) => [
    { label: "found", text: `${shownCount(found)} bytes` },
    {
      label: "expected",
      text: `${Number.isNaN(needed) ? "more bytes than a file can have" : `${shownCount(needed)} bytes`} for ${dtype} ${shownShape(shape)}`,
    },
  ],
  help: () => "the file is damaged: download or save it again",
});

export const tensorsOverlap = kind<{ first: string; second: string }>("SLAB4008", {
  title: ({ first, second }) =>
    `tensors \`${shownName(first)}\` and \`${shownName(second)}\` overlap in the file`,
  notes: () => [{ label: "expected", text: "each tensor of a safetensors file has its own bytes" }],
  help: () => "the file is damaged: download or save it again",
});

export const duplicateTensor = kind<{ name: string }>("SLAB4009", {
  title: ({ name }) => `\`${shownName(name)}\` occurs twice in this file`,
  notes: () => [{ label: "expected", text: "every name once" }],
  help: () => "save the file again: nobody can say which of the two is meant",
});

export const unsupportedElementType = kind<{ tensor?: string; found: string }>("SLAB4010", {
  title: ({ tensor }) =>
    `${tensor === undefined ? "a tensor" : `tensor \`${shownName(tensor)}\``} has a type that Slab does not read`,
  notes: ({ found }) => [
    { label: "found", text: shownName(found) },
    {
      label: "expected",
      text: "float16, bfloat16, float32, float64, a whole-number type of 8 to 64 bits, or bool",
    },
  ],
  help: () => "convert it before saving: tensor.float()",
});

export const noTorchPickle = kind<{ found: readonly string[] }>("SLAB4020", {
  title: () => "this zip archive is not a PyTorch checkpoint",
  notes: ({ found }) => [
    {
      label: "found",
      text: found.length === 0 ? "an empty archive" : found.slice(0, 3).map(shownName).join(", "),
    },
    { label: "expected", text: "one entry named data.pkl, as torch.save writes it" },
  ],
  help: () => saveAgain,
});

export const unsupportedZip = kind<{ entry?: string; found: string }>("SLAB4021", {
  title: ({ entry }) =>
    entry === undefined ? "Slab can't read this zip archive" : `Slab can't unpack \`${shownName(entry)}\``,
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "one unencrypted archive whose entries are stored or deflated" },
  ],
  help: () => saveAgain,
});

export const refusedGlobal = kind<{ global: string }>("SLAB4022", {
  title: ({ global }) => `this checkpoint asks for \`${shownName(global)}\`, which Slab refuses`,
  notes: () => [
    { label: "found", text: "a pickle that holds more than tensors, numbers, texts, lists and dictionaries" },
    { label: "expected", text: "plain weights; nothing in a checkpoint is ever executed" },
  ],
  help: () => `if you trust the file, load it in Python and ${saveAgain}`,
});

export const unsupportedOpcode = kind<{ opcode: number; offset: number }>("SLAB4023", {
  title: () => "this checkpoint's pickle has an instruction that Slab does not read",
  notes: ({ opcode, offset }) => [
    {
      label: "found",
      text: `opcode 0x${opcode.toString(16).padStart(2, "0")} at offset ${shownCount(offset)}`,
    },
    { label: "expected", text: "the instructions that build plain data, as torch.save writes them" },
  ],
  help: () => saveAgain,
});

export const bigEndian = kind<{ found: string }>("SLAB4024", {
  title: () => "this checkpoint's byte order is not little-endian",
  notes: ({ found }) => [
    { label: "found", text: shownName(found) },
    { label: "expected", text: "little" },
  ],
  help: () => "save it as safetensors, which has one byte order",
});

export const noTensors = kind<{ keys: readonly string[] }>("SLAB4025", {
  title: () => "this checkpoint holds no tensors where Slab looks for them",
  notes: ({ keys }) => [
    { label: "found", text: keys.length === 0 ? "no names" : keys.slice(0, 5).map(shownName).join(", ") },
    {
      label: "expected",
      text: "tensors by name, or under state_dict, model, model_state_dict, network_weights or net",
    },
  ],
  help: () => saveAgain,
});

/** A tensor by name with its shape, as messages show it. */
export interface ShownTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

function shownTensor({ name, shape }: ShownTensor): string {
  return `${shownName(name)} ${shownShape(shape)}`;
}

/** How many tensors a message lists before it says how many more there are. */
const listed = 5;

function many(count: number, what: string): string {
  return `${shownCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

function more(count: number, label: string) {
  return count > listed ? { label, text: `... and ${shownCount(count - listed)} more` } : undefined;
}

export const missingTensors = kind<{
  missing: readonly ShownTensor[];
  /** The nearest in the file, for the first of `missing`. */
  nearest: readonly (ShownTensor | undefined)[];
  anyMatched: boolean;
  checkpoint?: string;
}>("SLAB4040", {
  title: ({ missing, checkpoint }) =>
    `the file lacks ${many(missing.length, "tensor")} of the network${checkpoint === undefined ? "" : `, named by checkpoint "${shownName(checkpoint)}"`}`,
  notes: ({ missing, nearest }) => [
    ...missing.slice(0, listed).map((tensor, i) => {
      const near = nearest[i];
      return {
        label: "missing",
        text: `${shownTensor(tensor)}${near ? `; nearest in the file: ${shownTensor(near)}` : ""}`,
      };
    }),
    more(missing.length, "missing"),
  ],
  help: ({ anyMatched, checkpoint }) =>
    anyMatched || checkpoint !== undefined
      ? "check that the file belongs to this network and its settings (--set)"
      : "the file's names are another framework's: say how they map with a `checkpoint NAME for NETWORK { ... }` block",
});

export const extraTensors = kind<{
  extra: readonly ShownTensor[];
  nearest: readonly (ShownTensor | undefined)[];
}>("SLAB4041", {
  title: ({ extra }) => `the file has ${many(extra.length, "tensor")} that the network has no place for`,
  notes: ({ extra, nearest }) => [
    ...extra.slice(0, listed).map((tensor, i) => {
      const near = nearest[i];
      return {
        label: "extra",
        text: `${shownTensor(tensor)}${near ? `; nearest in the network: ${shownTensor(near)}` : ""}`,
      };
    }),
    more(extra.length, "extra"),
  ],
  help: () => "check that the file belongs to this network and its settings (--set)",
});

/** A tensor whose shape in the file is not the network's. */
export interface Misshapen {
  /** The name in the file. */
  readonly name: string;
  readonly file: readonly number[];
  readonly network: readonly number[];
}

export const misshapenTensors = kind<{ misshapen: readonly Misshapen[]; explanation?: string }>("SLAB4042", {
  title: ({ misshapen }) =>
    `${many(misshapen.length, "tensor")} ${misshapen.length === 1 ? "has" : "have"} another shape in the file than in the network`,
  notes: ({ misshapen }) => [
    ...misshapen.slice(0, listed).map(({ name, file, network }) => ({
      label: "misshapen",
      text: `${shownName(name)}: ${shownShape(file)} in the file, ${shownShape(network)} in the network`,
    })),
    more(misshapen.length, "misshapen"),
  ],
  help: ({ explanation }) =>
    explanation === undefined
      ? "set the network up as it was trained (--set), or take the file that belongs to it"
      : `${explanation}: set the network up as it was trained (--set)`,
});

export const notFinite = kind<{ tensor: string; found: string }>("SLAB4043", {
  title: ({ tensor }) => `tensor \`${shownName(tensor)}\` has values that are no finite float32`,
  notes: ({ found }) => [{ label: "found", text: found }],
  help: () => "take a checkpoint from before the training went wrong",
});

export const tooLargeForHalf = kind<{ tensor: string; found: string }>("SLAB4044", {
  title: ({ tensor }) => `weight ${shownName(tensor)} does not fit into float16`,
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "values from -65504 to 65504" },
  ],
  help: () => "leave --precision float16 out",
});
