import { product } from "../../support/product.js";
import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** What the runtime says about model files, running them, and cutting a volume into tiles. Codes SLAB5101 to SLAB5199, and SLAB5070 on. */

const recompile = "compile the network again: slab compile network.slab -o model.onnx";

const shapeText = (shape: readonly number[]) => `[${shape.join(", ")}]`;

export const notOnnx = kind<{ reason: string }>("SLAB5102", {
  title: () => "this is not an ONNX model",
  notes: ({ reason }) => [
    { label: "found", text: reason },
    { label: "expected", text: "an ONNX file that Slab compiled" },
  ],
  help: () => recompile,
});

export const notFromSlab = kind<{ producer: string }>("SLAB5103", {
  title: () => "this ONNX model has no Slab manifest",
  notes: ({ producer }) => [
    {
      label: "found",
      text: producer === "" ? "a model of an unnamed producer" : `a model made by ${producer}`,
    },
    { label: "expected", text: "metadata under `slab.manifest`, which `slab compile` writes" },
  ],
  help: () => "run a model that Slab compiled; other models can't be run, as their axes have no names",
});

export const manifestInvalid = kind<{ found: string; expected: string }>("SLAB5104", {
  title: () => "the model's Slab manifest is damaged",
  notes: ({ found, expected }) => [
    { label: "found", text: found },
    { label: "expected", text: expected },
  ],
  help: () => recompile,
});

export const manifestNewer = kind<{ format: number; compiler: string; known: number }>("SLAB5105", {
  title: () => "the model was compiled by a newer Slab",
  notes: ({ format, compiler, known }) => [
    { label: "found", text: `manifest format ${format}${compiler === "" ? "" : `, of Slab ${compiler}`}` },
    { label: "expected", text: `manifest format ${known}` },
  ],
  help: () => "update Slab, or compile the network with this version",
});

export const severalInputs = kind<{ names: readonly string[] }>("SLAB5106", {
  title: () => "a model that segments a volume has one input",
  notes: ({ names }) => [
    { label: "found", text: names.length === 0 ? "no input" : `${names.length} inputs: ${names.join(", ")}` },
    { label: "expected", text: "one input, the volume" },
  ],
  help: () => "give the network a single input and join what belongs together along its channels",
});

export const weightsOutside = kind<{ location: string }>("SLAB5109", {
  title: () => "the model's weights lie outside of its folder",
  notes: ({ location }) => [
    { label: "found", text: location },
    { label: "expected", text: "a file beside the model, or in a folder there" },
  ],
  help: () => "keep the model and the file of its weights in one folder",
});

export const portType = kind<{ name: string; type: string; expected: string }>("SLAB5107", {
  title: ({ name }) => `the model's \`${name}\` is not of the type that its manifest says`,
  notes: ({ type, expected }) => [
    { label: "found", text: type },
    { label: "expected", text: expected === "float" ? "float32" : expected },
  ],
  help: () => recompile,
});

export const portMissing = kind<{ name: string; role: "input" | "output"; names: readonly string[] }>(
  "SLAB5108",
  {
    title: ({ name, role }) => `the model has no ${role} \`${name}\`, which its manifest names`,
    notes: ({ names, role }) => [
      { label: "found", text: names.length === 0 ? `no ${role}` : names.join(", ") },
      { label: "expected", text: "the names of the manifest" },
    ],
    help: () => recompile,
  },
);

export const modelNotOpened = kind<{ message: string }>("SLAB5110", {
  title: () => "ONNX Runtime can't open the model",
  notes: ({ message }) => [{ label: "found", text: message }],
  help: () => [
    "if the weights lie in a separate file, keep it beside the model under its own name",
    recompile,
  ],
});

export const runFailed = kind<{ message: string }>("SLAB5111", {
  title: () => "ONNX Runtime stopped while running the model",
  notes: ({ message }) => [{ label: "found", text: message }],
  help: () => "if memory ran out, compile for smaller tiles (--tile 96x96x96)",
});

export const workerDied = kind<{ reason: string }>("SLAB5112", {
  title: () => "the thread that runs the model ended unexpectedly",
  notes: ({ reason }) => [{ label: "found", text: reason }],
  help: () => "if memory ran out, compile for smaller tiles (--tile 96x96x96)",
});

export const outputShapeDiffers = kind<{ found: readonly number[]; expected: readonly number[] }>(
  "SLAB5113",
  {
    title: () => "the model's output has another shape than its manifest says",
    notes: ({ found, expected }) => [
      { label: "found", text: shapeText(found) },
      { label: "expected", text: shapeText(expected) },
    ],
    help: () => recompile,
  },
);

export const inputNotVolume = kind<{ name: string; shape: readonly number[] }>("SLAB5114", {
  title: () => "the model's input is not a volume with one channel",
  notes: ({ name, shape }) => [
    { label: "found", text: `${name}: ${shapeText(shape)}` },
    { label: "expected", text: "[1, 1, a, b, c]: a batch of one, one channel, three spatial axes" },
  ],
  help: () => "compile with a batch of one and one channel",
});

export const outputNotScores = kind<{
  name: string;
  shape: readonly number[];
  tile: readonly number[];
  areLabels: boolean;
}>("SLAB5115", {
  title: ({ areLabels }) =>
    areLabels
      ? "the model's output is not a label per voxel"
      : "the model's output is not a score per class and voxel",
  notes: ({ name, shape, tile, areLabels }) => [
    { label: "found", text: `${name}: ${shapeText(shape)}` },
    {
      label: "expected",
      text: areLabels
        ? `[1, ${tile.join(", ")}]`
        : `[1, classes, ${tile.join(", ")}], with 1 to 65536 classes`,
    },
  ],
  help: ({ shape, tile, areLabels }) =>
    shape.length === tile.length + (areLabels ? 1 : 2) && shape[0] === 1
      ? "the network gives other sizes than it takes: choose sizes with --tile that it does not round"
      : "let the output called logits, else the first, have the input's spatial axes and its classes as channels",
});

export const overlapOutOfRange = kind<{ found: string }>("SLAB5117", {
  title: () => "the overlap of tiles is out of range",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a fraction of a tile from 0 up to, but not including, 1" },
  ],
  help: () => "--overlap 0.5 lets neighbouring tiles share half of their length",
});

export const unknownChoice = kind<{
  option: string;
  found: string;
  choices: readonly string[];
  nearest: string | undefined;
}>("SLAB5118", {
  title: ({ option, found }) => `unknown value \`${found}\` for --${option}`,
  notes: ({ found, choices }) => [
    { label: "found", text: found },
    { label: "expected", text: alternatives(choices) },
  ],
  help: ({ option, choices, nearest }) =>
    nearest === undefined
      ? `--${option} ${choices[0]} is the usual one`
      : `did you mean --${option} ${nearest}?`,
});

export const scoresNotNumbers = kind<{ voxels: number; total: number }>("SLAB5119", {
  title: () => "the network's scores are not numbers",
  notes: ({ voxels, total }) => [
    { label: "found", text: `NaN at ${voxels} of ${total} voxels` },
    { label: "expected", text: "a number per class at every voxel" },
  ],
  help: () =>
    "check that the weights belong to this network, and that --intensity is what it was trained with",
});

export const scoresTooLarge = kind<{ classes: number; size: readonly number[] }>("SLAB5120", {
  title: () => "there is not enough memory for the scores",
  notes: ({ classes, size }) => [
    {
      label: "needed",
      text: `${classes} classes x ${size.join("x")} voxels, ${gigabytes(classes, size)} GB`,
    },
  ],
  help: () => "compile for smaller tiles: the scores are kept for one tile's thickness along the first axis",
});

export const malformedPad = kind<{ found: string }>("SLAB5070", {
  title: () => "--pad constant(…) takes one number",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "constant(VALUE), in the intensities that the network sees" },
  ],
  help: () => "for example --pad 'constant(-1)', or --pad constant for zeros",
});

export const unknownMirror = kind<{ found: string; axes: readonly string[] }>("SLAB5071", {
  title: () => "--mirror names axes of the network's input, each once",
  notes: ({ found, axes }) => [
    { label: "found", text: found },
    { label: "expected", text: `${alternatives(axes)}; all, or none` },
  ],
  help: ({ axes }) => `for example --mirror ${axes.slice(0, 2).join(",")}`,
});

export const labelsNotScores = kind<{ found: string }>("SLAB5072", {
  title: () => "this model gives labels, and scores are needed",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "scores, which can be added up before the highest is taken" },
  ],
  help: () => [
    "compile the network without --labels",
    "labels suffice where tiles do not overlap: --overlap 0, a tile that divides the scan, no --mirror, --restore labels",
  ],
});

function gigabytes(classes: number, size: readonly number[]): string {
  return ((4 * classes * product(size)) / 1e9).toFixed(1);
}
