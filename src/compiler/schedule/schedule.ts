/** One way in which networks can be computed differently, with the same result up to rounding. */
export interface Choice {
  /** What is chosen, in one sentence. */
  readonly documentation: string;
  /** What each option does. The first one is the portable way. */
  readonly options: Readonly<Record<string, string>>;
}

/** Everything a schedule chooses, in the order in which it is carried out. */
export const choices = {
  views: {
    documentation: "How branches that share their weights, such as the views of a volume, are computed.",
    options: {
      turns: "one after another",
      stacked: "as one batch, where their tensors have the same sizes",
    },
  },
  groups: {
    documentation: "How a three-dimensional convolution with groups is computed.",
    options: {
      kept: "as one convolution",
      split: "as one for each group of channels",
    },
  },
  upsample: {
    documentation: "How a transposed convolution with kernel = stride is computed.",
    options: {
      transposed: "as it is written",
      pointwise: "as a convolution with a kernel of 1 and a view",
      product: "as a product of matrices whose result lies in place",
    },
  },
  concat: {
    documentation: "How a convolution of what a concat joins is computed.",
    options: {
      kept: "as it is written",
      split: "as the sum of the convolutions of each part",
    },
  },
  conv: {
    documentation: "How a convolution over three axes is computed.",
    options: {
      volumetric: "over all three axes, as it is written",
      folded: "over two axes, the slices along the third part of the batch, and so what stands between",
      sliced: "as folded, and with a kernel along all axes as the sum of such over neighbouring slices",
    },
  },
  algorithm: {
    documentation: "How a convolution over two axes multiplies.",
    options: {
      direct: "each element of the kernel by itself",
      winograd: "along its first axis by Winograd's minimal filters, where that saves more than it costs",
    },
  },
  axes: {
    documentation: "In which order the axes of a view lie in memory.",
    options: {
      written: "as the view names them",
      aligned: "as in the tensor that is viewed; kernels are transposed instead, when compiling",
    },
  },
  norm: {
    documentation: "How an InstanceNorm is computed.",
    options: {
      native: "as the operator InstanceNormalization",
      centred: "as the operator, after the mean was taken off; so is a LayerNorm over more than channels",
      joined:
        "as the operator, of the channels of all samples as those of one, in the network's own precision",
      reductions:
        "mean and variance by reductions over few elements at a time, then one operator that applies them; a LayerNorm over more than channels after the mean was taken off",
      moments:
        "as reductions, but of what comes from a normalized tensor the variance is the mean of squares less the squared mean",
    },
  },
  shift: {
    documentation: "How a Shift moves channels.",
    options: {
      pad: "as Pad by a positive and a negative amount",
      slice: "as Slice, and Concat with zeros",
      kernel: "within a convolution before it, whose kernel grows along the axis; else as Slice and Concat",
      merged: "within a convolution of one channel before it; else as one Gather, and zeros at the ends",
    },
  },
  sampling: {
    documentation: "How a GridSample takes values between elements.",
    options: {
      native: "as the operator GridSample",
      gathered:
        "as a Gather of the elements around each position, and a product of matrices with their weights",
    },
  },
  rows: {
    documentation: "How many rows a Softmax or LayerNorm computes at once.",
    options: {
      all: "all of them",
      limited: "at most 65535, or a square number: as many as ONNX Runtime's WebGPU can start exactly",
    },
  },
  order: {
    documentation: "In which order operations are written, which decides what is held at a time.",
    options: {
      written: "as the network is written",
      lean: "so that ONNX Runtime, which begins with what is written last, holds little at a time",
    },
  },
  precision: {
    documentation: "What the network computes in; its inputs and outputs are float32.",
    options: {
      float32: "everything in float32",
      float16: "in float16, but norms and sums of many elements in float32",
    },
  },
} as const satisfies Readonly<Record<string, Choice>>;

export type ChoiceName = keyof typeof choices;

/** How a network is computed: an option for every choice. Results agree between schedules up to rounding. */
export type Schedule = { readonly [Name in ChoiceName]: keyof (typeof choices)[Name]["options"] };

/** Plain operators that every runtime has, and nothing rearranged. */
const portable: Schedule = {
  views: "turns",
  groups: "kept",
  upsample: "transposed",
  concat: "kept",
  conv: "volumetric",
  algorithm: "direct",
  axes: "written",
  norm: "native",
  shift: "pad",
  sampling: "native",
  rows: "all",
  order: "written",
  precision: "float32",
};

/** A schedule under a name. */
export interface Preset {
  readonly documentation: string;
  readonly schedule: Schedule;
}

export const presets = {
  portable: {
    documentation: "for any runtime: plain operators, in the order in which the network is written",
    schedule: portable,
  },
  cpu: {
    documentation: "for ONNX Runtime on a CPU: two-dimensional convolutions, statistics by reductions",
    schedule: {
      ...portable,
      upsample: "product",
      concat: "split",
      conv: "sliced",
      algorithm: "winograd",
      axes: "aligned",
      norm: "moments",
      shift: "merged",
      sampling: "gathered",
    },
  },
  gpu: {
    documentation:
      "for ONNX Runtime on an NVIDIA card: few large operations, shifts in kernels, one norm of all samples",
    schedule: { ...portable, views: "stacked", norm: "joined", shift: "kernel" },
  },
  memory: {
    documentation:
      "for the least memory in ONNX Runtime on a CPU: nothing is joined, operations in a lean order",
    schedule: { ...portable, concat: "split", order: "lean" },
  },
  webgpu: {
    documentation:
      "for ONNX Runtime's WebGPU: without what it cannot do in three dimensions, norms so that they keep their digits",
    schedule: {
      ...portable,
      groups: "split",
      upsample: "pointwise",
      conv: "folded",
      axes: "aligned",
      norm: "reductions",
      sampling: "gathered",
      rows: "limited",
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const choiceNames = Object.keys(choices) as readonly ChoiceName[];
export const presetNames = Object.keys(presets) as readonly PresetName[];

/** The options of a choice, the portable one first. */
export function optionsOf(choice: ChoiceName): readonly string[] {
  return Object.keys(choices[choice].options);
}

/** A schedule as `--schedule` takes it, in the fewest words: a preset, and what differs from it. */
export function showSchedule(schedule: Schedule): string {
  const written = presetNames.map((name) => {
    const base: Schedule = presets[name].schedule;
    const different = choiceNames.filter((choice) => base[choice] !== schedule[choice]);
    const changes = different.map((choice) => `${choice}=${schedule[choice]}`);
    return name === "portable" && changes.length > 0 ? changes : [name, ...changes];
  });
  const isBetter = (a: readonly string[], b: readonly string[]) =>
    a.length < b.length || (a.length === b.length && !a[0]?.includes("=") && b[0]?.includes("=") === true);
  return written.reduce((best, words) => (isBetter(words, best) ? words : best)).join(",");
}
