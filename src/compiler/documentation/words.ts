import type { Entry, EntryKind } from "./entry.js";

type Explanation = readonly [name: string, written: string, meaning: string];

/** The words of the language: how each is written, and what it means. The only place where they are explained. */
const words: readonly Explanation[] = [
  [
    "use",
    "use std.views { axial }",
    'Makes names of another file known here: of the standard library, or of a file in the same folder or below it, `use "./blocks.slab" { Block }`.',
  ],
  [
    "const",
    "const amos = 16",
    "A value that the whole file can use. It is computed when the network is compiled.",
  ],
  [
    "fn",
    "fn halve(n: int) = n / 2",
    "A function of values, or of tensors. Without a body of statements: what stands after `=` is its result.",
  ],
  [
    "view",
    "view axial { s: z, h: y, w: x }",
    "Other names for axes. `volume -> axial` gives every axis on the right the name on its left; the renamed axes stand, in the view's order, where those axes were. `undo` renames back. As the type of a parameter: a view.",
  ],
  [
    "layer",
    "layer Block(out: int) { output input -> Conv(out, 3x3x3) }",
    "A reusable block. It reads one tensor as `input`, and further ones as parameters of type `tensor`; it ends with its `output`, or several. Each place where it is applied is an instance with weights of its own. As the type of a parameter: a layer or an operation, with some of its arguments or all.",
  ],
  [
    "network",
    "network Net(classes: int = 16) { … }",
    "What can be compiled: inputs, definitions and named outputs. Its parameters are settings, which `--set classes=14` changes.",
  ],
  [
    "checkpoint",
    'checkpoint authors for Net { head = "output_block.conv" }',
    "How another framework's names of tensors follow from this network's paths. The path of a weight stands on the left, with captures such as `{k}`; the other name on the right.",
  ],
  [
    "pipeline",
    "pipeline abdomen for Net(classes: 14) { modality: ct  intensity: window(-991, 362) … }",
    "What surrounds a network, from a scan to its label map: the settings and the tile that it is compiled with, and how a scan is prepared, cut, and labelled. Each property is `name: value`; `slab docs spacing` explains one of them: modality, orientation, spacing, interpolation, intensity, padding, tile, overlap, blending, mirroring, restoring, labels. It travels in the ONNX file, so that `slab run model.onnx scan.nii.gz` needs nothing else. Of several in a file, `--pipeline NAME` chooses one.",
  ],
  [
    "ignore",
    'ignore "optimizer.{rest*}"',
    "In a checkpoint: tensors of the file that the network has no use for. All others have to find a place.",
  ],
  [
    "input",
    "input volume: float[n, c: 1, x, y, z]",
    "In a network: an input with its axes; one without a size is open and gets it from `--tile`. In a layer, `input` is the tensor that the layer is applied to.",
  ],
  [
    "output",
    "output logits = features -> head: Conv(2, 1x1x1)",
    "What a layer or a network gives. A layer's output may go without a name; of several, those with names are members: `u.levels`. A network's outputs have names, and a family makes several: `output deep[i] = … for i in 1..4`.",
  ],
  [
    "param",
    "param scale: float[c, k: 3] init zeros",
    "A weight that is a value of its own. Its path is that of its layer and its name. An axis without a size has the size of the input's axis of that name.",
  ],
  [
    "init",
    "param scale: float[c] init normal(0.02)",
    "What the training of a free parameter begins from: `zeros`, `ones`, `normal(standard deviation)` or `uniform(bound)`. It is written into the ONNX file; Slab does not train.",
  ],
  [
    "shared",
    "shared gate = GateShift",
    "A layer that is one instance: wherever it is applied, it has the same weights. Its path is the definition's.",
  ],
  [
    "unused",
    "unused cross = input -> cross: CrossAttention(12)",
    "Weights that a published network's files hold though nothing is computed with them. They count as parameters and are looked for in files; nothing of them is in the ONNX file.",
  ],
  [
    "require",
    'require input.c % heads == 0, "{heads} heads do not divide {input.c} channels"',
    "A check of the author's own, with the message for whoever breaks it. One that depends on open sizes is made when they are given.",
  ],
  [
    "undo",
    "slices -> undo axial",
    "Takes a view back: axes get the names that they had before. They then stand in the order in which the network's input declares them.",
  ],
  [
    "if",
    "if input.c == out then input else input -> Conv(out, 1x1x1)",
    "Chooses one of two expressions; only the chosen one is evaluated. The last branch reaches as far as it can.",
  ],
  ["then", "if condition then a else b", "Comes before what `if` gives where its condition holds."],
  ["else", "if condition then a else b", "Comes before what `if` gives where its condition does not hold."],
  [
    "for",
    "enc[i] = enc[i-1] -> Block(width[i]) for i in 1..depth",
    "Makes something for every number of a range, or for every element of a list. After a definition or an output it makes a family: an instance, with weights of its own, for every index. In a list, `[f(v) for v in views]`, the elements share their weights.",
  ],
  [
    "in",
    "for i in 1..depth",
    "Comes before what `for` runs over: a range with both its ends, in either direction, or a list.",
  ],
  ["and", "stride == 1 and input.c == out", "True where both sides are."],
  ["or", "stride > 1 or input.c != out", "True where one side is, or both."],
  ["not", "not affine", "True where what follows is false."],
  ["true", "affine: true", "A value of type `bool`."],
  ["false", "affine: false", "A value of type `bool`."],
];

/** The types of parameters that are no words besides. */
const types: readonly Explanation[] = [
  ["int", "out: int = 16", "A whole number, exact. The size of an axis is one, also while it is open."],
  [
    "float",
    "slope: float = 0.01",
    "A number such as `0.01` or `1e-5`; an int or a ratio serves as one, too.",
  ],
  ["ratio", "fold: ratio = 1/4", "An exact fraction; an int serves as one, too."],
  ["bool", "affine: bool = false", "`true` or `false`."],
  ["string", 'norm: string = "batch"', "A text; `{value}` inside of it is replaced, `{{` is a brace."],
  ["size", "kernel: size = 1x3x3", "One whole number for each spatial axis; an int stands for all of them."],
  [
    "tensor",
    "kept: tensor",
    "A tensor with named axes, for parameters of layers and functions. `t.c` is the size of its axis c, `t.rank` the number of its axes.",
  ],
];

/** The functions that the language has itself. */
const functions: readonly Explanation[] = [
  ["len", "len(list)", "The number of a list's elements."],
  ["min", "min(a, b)", "The least of several numbers, or of a list of them: `min([8, 16])`."],
  ["max", "max(a, b)", "The greatest of several numbers, or of a list of them: `max([8, 16])`."],
  [
    "sum",
    "sum(a, b)",
    "The sum of several numbers or tensors, or of a list of them: `sum([f(v) for v in views])`.",
  ],
  [
    "sqrt",
    "sqrt(number)",
    "The square root of a number that is at least 0; of a tensor's elements: `x -> Sqrt`.",
  ],
  ["floor", "floor(number)", "The largest integer that is not above a number: `floor(7 / 2)` is 3."],
];

/** What a pipeline says. */
const properties: readonly Explanation[] = [
  [
    "modality",
    "modality: ct",
    "What the scan is: `ct` (in Hounsfield units), `mr` or `other`. A scan whose values do not look like it is warned about. Always given.",
  ],
  [
    "orientation",
    "orientation: RAS",
    "Where the network's axes point to, one of 48 codes: right or left, anterior or posterior, superior or inferior, in any order. A scan that lies otherwise is turned; one that is oblique by the nearest axes. Without it the scan stays as it lies.",
  ],
  [
    "spacing",
    "spacing: (1.5, 1.5, 2.0) mm",
    "The size of voxels along the network's axes. The first voxel stays where it is, as MONAI's Spacing has it. Without it nothing is resampled.",
  ],
  [
    "interpolation",
    "interpolation: linear",
    "How a scan is resampled: `linear`, `nearest`, or `cubic` (B-splines). `linear` unless given.",
  ],
  [
    "intensity",
    "intensity: window(-991, 362) -> (0, 1)",
    "What is done to the voxels, after resampling. `window(low, high)` maps this range to 0..1, or to what follows the arrow; `percentiles(0.5, 99.5)` does the same between percentiles of the volume, `minmax` between its least and greatest voxel; both limit what lies outside unless `clip: false` is given. `zscore` gives mean 0 and standard deviation 1; `zscore(mean: 82.9, deviation: 136.9, clip: (-970, 512))` those of a data set. With `over: nonzero` zeros stay zeros and do not count. Or `none`. Always given.",
  ],
  [
    "padding",
    "padding: minimum",
    "What surrounds a scan that is shorter than a tile: its `minimum`, `edge`, `reflect`, `wrap`, `zero` or `constant(-1024)`. `minimum` unless given.",
  ],
  ["tile", "tile: 96x96x96", "The size of the network's input. `--tile` comes before it."],
  [
    "overlap",
    "overlap: 0.5",
    "The part of a tile that its neighbour shares, from 0 up to 1. 0.5 unless given.",
  ],
  [
    "blending",
    "blending: gaussian",
    "How the scores of overlapping tiles are averaged: `gaussian`, where a tile's middle counts more, or `constant`. `gaussian` unless given.",
  ],
  [
    "mirroring",
    "mirroring: (x, y)",
    "Axes along which each tile is also mirrored, and its scores averaged: each axis doubles the work. `none` unless given.",
  ],
  [
    "restoring",
    "restoring: labels",
    "What is brought back to the scan's grid: `labels`, each voxel the nearest one's, or `probabilities`, interpolated linearly before the greatest is taken. `labels` unless given.",
  ],
  [
    "labels",
    'labels { 0: "background"  1: "spleen" "#9d6ca2" }',
    "The names of the network's classes, each with its colour or without. As many as there are classes, the background included.",
  ],
];

/** The words, types and functions of the language. */
export function describeLanguage(): readonly Entry[] {
  return [
    ...explain("word", words),
    ...explain("property", properties),
    ...explain("type", types),
    ...explain("builtin", functions),
  ];
}

function explain(kind: EntryKind, explanations: readonly Explanation[]): Entry[] {
  return explanations.map(([name, written, meaning]) => ({
    kind,
    name,
    signature: { head: written, parameters: [], tail: "" },
    documentation: meaning,
    parameters: [],
    inputs: [],
    outputs: [],
  }));
}
