import { alternatives } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

/** SLAB2320 to SLAB2359: pipelines. */

const didYouMean = (suggestion: string | undefined) => suggestion && `did you mean ${suggestion}?`;

export const pipelineNetwork = kind<{ name: string; suggestion?: string }>("SLAB2320", {
  title: ({ name }) => `there is no network ${name} here`,
  help: ({ suggestion }) =>
    didYouMean(suggestion) ??
    'a network of another file has to be named in a `use`: use "./network.slab" { Net }',
});

export const unknownProperty = kind<{ name: string; known: readonly string[]; suggestion?: string }>(
  "SLAB2321",
  {
    title: ({ name }) => `a pipeline has no ${name}`,
    notes: ({ known }) => [{ label: "expected", text: alternatives(known) }],
    help: ({ suggestion }) => didYouMean(suggestion),
  },
);

export const propertyTwice = kind<{ name: string; firstLine: number }>("SLAB2322", {
  title: ({ name }) => `${name} is given twice`,
  notes: ({ firstLine }) => [{ label: "first", text: `line ${firstLine}` }],
});

export const propertyMissing = kind<{
  pipeline: string;
  names: readonly string[];
  examples: readonly string[];
}>("SLAB2323", {
  title: ({ pipeline, names }) => `pipeline ${pipeline} does not say its ${names.join(" and ")}`,
  help: ({ examples }) => examples.map((example) => `write ${example}`),
});

export const settingOfPipeline = kind<{
  name: string;
  network: string;
  settings: readonly string[];
  suggestion?: string;
}>("SLAB2324", {
  title: ({ name, network }) => `${network} has no setting ${name}`,
  notes: ({ settings }) => [{ label: "settings", text: settings.join(", ") || "none" }],
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const settingWithoutName = kind<{ network: string; example: string }>("SLAB2325", {
  title: ({ network }) => `settings of ${network} are given by their names`,
  notes: ({ example }) => [{ label: "expected", text: example }],
});

export const unknownWord = kind<{
  property: string;
  found: string;
  choices: readonly string[];
  suggestion?: string;
}>("SLAB2326", {
  title: ({ property, found }) => `${property} cannot be ${found}`,
  notes: ({ choices }) => [{ label: "expected", text: alternatives(choices) }],
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const unknownOrientation = kind<{ found: string; problem: string; near: readonly string[] }>(
  "SLAB2327",
  {
    title: ({ found }) => `${found} is not an orientation`,
    notes: ({ problem }) => [
      { label: "found", text: problem },
      {
        label: "expected",
        text: "three letters that say where the axes point to: one of L and R, one of P and A, one of I and S",
      },
    ],
    help: ({ near }) => (near.length > 0 ? `did you mean ${alternatives(near)}?` : "RAS is the usual one"),
  },
);

export const badSpacing = kind<{ found: string; help?: string }>("SLAB2328", {
  title: () => "the spacing is not a size of voxels",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "three numbers above 0 in mm, as in (1.5, 1.5, 2.0) mm" },
  ],
  help: ({ help }) => help,
});

export const badTile = kind<{ found: string; axes: readonly string[] }>("SLAB2329", {
  title: () => "the tile is not a size of the network's input",
  notes: ({ found, axes }) => [
    { label: "found", text: found },
    {
      label: "expected",
      text: `a size for ${alternatives(axes, "and")}, as in ${axes.map(() => 96).join("x")}`,
    },
  ],
});

export const impossibleTile = kind<{
  network: string;
  tile: string;
  reason: string;
  line: number | undefined;
  help: readonly string[];
}>("SLAB2330", {
  title: ({ network, tile }) => `${network} cannot take tiles of ${tile}`,
  notes: ({ reason, line }) => [
    { label: "because", text: line === undefined ? reason : `line ${line}: ${reason}` },
  ],
  help: ({ help }) => help,
});

export const pipelineOverlap = kind<{ found: string }>("SLAB2331", {
  title: () => "the overlap of tiles is out of range",
  notes: ({ found }) => [
    { label: "found", text: found },
    { label: "expected", text: "a fraction of a tile from 0 up to, but not including, 1" },
  ],
  help: () => "overlap: 0.5 lets neighbouring tiles share half of their length",
});

export const unknownIntensityForm = kind<{ found: string; help?: string }>("SLAB2332", {
  title: ({ found }) => `${found} is not an intensity`,
  notes: () => [
    {
      label: "expected",
      text: "window(low, high), zscore, minmax, percentiles(low, high) or none; all but zscore may go on -> (0, 1)",
    },
  ],
  help: ({ help }) => help,
});

export const intensityRange = kind<{ what: string; found: string; expected: string; help?: string }>(
  "SLAB2333",
  {
    title: ({ what }) => `${what} is not a range`,
    notes: ({ found, expected }) => [
      { label: "found", text: found },
      { label: "expected", text: expected },
    ],
    help: ({ help }) => help,
  },
);

export const intensityArgument = kind<{
  kind: string;
  name: string;
  known: readonly string[];
  suggestion?: string;
}>("SLAB2334", {
  title: ({ kind, name }) => `${kind} has no ${name}`,
  notes: ({ kind, known }) => [
    { label: "expected", text: known.length > 0 ? alternatives(known) : `${kind} alone` },
  ],
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const unknownAxis = kind<{ found: string; axes: readonly string[]; suggestion?: string }>("SLAB2335", {
  title: ({ found }) => `mirroring cannot be along ${found}`,
  notes: ({ axes }) => [
    { label: "expected", text: `${alternatives(axes)}, several of them as (${axes.join(", ")}), or none` },
  ],
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const labelCount = kind<{
  network: string;
  classes: number;
  output: string;
  labels: number;
  setting: string | undefined;
}>("SLAB2336", {
  title: ({ network, classes, labels }) =>
    `${network} has ${classes} classes, and ${labels} label${labels === 1 ? " is" : "s are"} named`,
  notes: ({ output }) => [{ label: "found", text: output }],
  help: ({ setting, labels }) =>
    setting === undefined
      ? "name a label for each class, the background included"
      : `name a label for each class, the background included, or set ${setting}: ${labels}`,
});

export const labelNumber = kind<{ found: number; expected: string }>("SLAB2337", {
  title: ({ found }) => `label ${found} is out of place`,
  notes: ({ expected }) => [{ label: "expected", text: expected }],
  help: () => "labels are numbered as the network's classes: 0, 1, 2 and so on, each once",
});

export const labelNameTwice = kind<{ name: string; first: number }>("SLAB2338", {
  title: ({ name }) => `two labels are called ${JSON.stringify(name)}`,
  notes: ({ first }) => [{ label: "first", text: `label ${first}` }],
});

export const badColour = kind<{ found: string; help?: string }>("SLAB2339", {
  title: ({ found }) => `${JSON.stringify(found)} is not a colour`,
  notes: () => [{ label: "expected", text: 'red, green and blue in hexadecimal, as in "#9d6ca2"' }],
  help: ({ help }) => help,
});

export const notForVolumes = kind<{ network: string; found: string; expected: string }>("SLAB2340", {
  title: ({ network }) => `a pipeline cannot run ${network}`,
  notes: ({ found, expected }) => [
    { label: "found", text: found },
    { label: "expected", text: expected },
  ],
});

export const whichPipeline = kind<{ wanted?: string; pipelines: readonly string[]; suggestion?: string }>(
  "SLAB2341",
  {
    title: ({ wanted, pipelines }) =>
      wanted === undefined
        ? "this file has several pipelines"
        : pipelines.length === 0
          ? `there is no pipeline ${wanted}: this file has none`
          : `this file has no pipeline ${wanted}`,
    notes: ({ pipelines }) =>
      pipelines.length > 0 ? [{ label: "pipelines", text: pipelines.join(", ") }] : [],
    help: ({ wanted, pipelines, suggestion }) => {
      if (wanted === undefined) return `choose one: --pipeline ${pipelines[0]}`;
      return pipelines.length === 0 ? "`slab docs pipeline` says how one is written" : didYouMean(suggestion);
    },
  },
);

export const pipelineOfOther = kind<{ pipeline: string; network: string; wanted: string }>("SLAB2342", {
  title: ({ pipeline, network, wanted }) => `pipeline ${pipeline} is for ${network}, not for ${wanted}`,
  help: ({ network }) => `leave out --network, or give --network ${network}`,
});

export const withoutEffect = kind<{ property: string; because: string; help: string }>("SLAB2343", {
  severity: "warning",
  title: ({ property, because }) => `${property} changes nothing: ${because}`,
  help: ({ help }) => help,
});

export const unknownUnit = kind<{ found: string; property: string; expected: string | undefined }>(
  "SLAB2344",
  {
    title: ({ found, property, expected }) =>
      expected === undefined
        ? `${property} has no unit, found ${found}`
        : `${property} is in ${expected}, not in ${found}`,
    help: ({ expected, property }) =>
      expected === undefined
        ? "the next property begins with its name and a colon"
        : `convert it: ${property} in ${expected}`,
  },
);

export const misplacedBlock = kind<{ name: string; isBlock: boolean }>("SLAB2345", {
  title: ({ name, isBlock }) => (isBlock ? `${name} is not a block` : `${name} stand in a block`),
  help: ({ name, isBlock }) =>
    isBlock ? `write ${name}: value` : 'write labels { 0: "background"  1: "spleen" "#9d6ca2" }',
});

export const tileMissing = kind<{ pipeline: string; axes: readonly string[] }>("SLAB2346", {
  title: ({ pipeline }) => `pipeline ${pipeline} does not say its tile`,
  notes: ({ axes }) => [{ label: "open", text: `the size of ${alternatives(axes, "and")}` }],
  help: () => "write tile: 96x96x96, or give the sizes with --tile",
});
