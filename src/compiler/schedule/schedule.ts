/** One way in which networks can be computed differently, with the same result up to rounding. */
export interface Choice {
  /** What is chosen, in one sentence. */
  readonly documentation: string;
  /** What each option does. The first one is the portable way. */
  readonly options: Readonly<Record<string, string>>;
}

/** Everything a schedule chooses, in the order in which it is carried out. */
export const choices = {
  conv: {
    documentation: "How a convolution with a kernel of 1 along an axis is computed.",
    options: {
      volumetric: "over all three axes, as it is written",
      folded: "over two axes, the slices along the third part of the batch, and so what stands between",
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
      reductions:
        "mean and variance by reductions over few elements at a time, then one operator that applies them",
    },
  },
  shift: {
    documentation: "How a Shift moves channels.",
    options: {
      pad: "as Pad by a positive and a negative amount",
      slice: "as Slice, and Concat with zeros",
    },
  },
} as const satisfies Readonly<Record<string, Choice>>;

export type ChoiceName = keyof typeof choices;

/** How a network is computed: an option for every choice. Results agree between schedules up to rounding. */
export type Schedule = { readonly [Name in ChoiceName]: keyof (typeof choices)[Name]["options"] };

/** Plain operators that every runtime has, and nothing rearranged. */
const portable: Schedule = { conv: "volumetric", axes: "written", norm: "native", shift: "pad" };

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
    schedule: { conv: "folded", axes: "aligned", norm: "reductions", shift: "pad" },
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const choiceNames = Object.keys(choices) as readonly ChoiceName[];
export const presetNames = Object.keys(presets) as readonly PresetName[];

/** The options of a choice, the portable one first. */
export function optionsOf(choice: ChoiceName): readonly string[] {
  return Object.keys(choices[choice].options);
}

/** A schedule as `--schedule` takes it: the name of a preset that is the same, else every choice, `norm=native,...`. */
export function showSchedule(schedule: Schedule): string {
  const preset = presetNames.find((name) => sameSchedule(presets[name].schedule, schedule));
  return preset ?? choiceNames.map((name) => `${name}=${schedule[name]}`).join(",");
}

export function sameSchedule(a: Schedule, b: Schedule): boolean {
  return choiceNames.every((name) => a[name] === b[name]);
}
