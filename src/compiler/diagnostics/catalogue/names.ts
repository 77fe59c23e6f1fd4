import { suggestions } from "../../support/suggest.js";
import { kind } from "../diagnostic.js";

const didYouMean = (suggestion: string | undefined) => suggestion && `did you mean ${suggestion}?`;

/** SLAB20xx: names. */

export const unknownName = kind<{ name: string; suggestion?: string; help?: string }>("SLAB2001", {
  title: ({ name }) => `${name} is not defined here`,
  help: ({ suggestion, help }) => help ?? didYouMean(suggestion),
});

export const duplicateName = kind<{
  name: string;
  what: string;
  firstLine: number;
  /** For a member of a family: the indices that reach it, `the range 1..0`. */
  indices?: { readonly text: string; readonly kind: "range" | "downwards" | "list" };
}>("SLAB2002", {
  title: ({ name, what }) => `${what} ${name} is defined twice`,
  notes: ({ firstLine, indices }) => [
    { label: "first", text: `line ${firstLine}` },
    indices && {
      label: "again",
      text: `by ${indices.text}${indices.kind === "downwards" ? ", which runs downwards" : ""}`,
    },
  ],
  help: ({ indices }) => {
    if (!indices) return "a name is defined once; give this one another name";
    if (indices.kind === "list") return "a list of indices names each of them once";
    return indices.kind === "downwards"
      ? "a range has both its ends; one that may be empty leaves its end out: for i in 1..<depth"
      : "let the range begin after the member that is defined already";
  },
});

export const cycle = kind<{ chain: readonly string[] }>("SLAB2003", {
  title: ({ chain }) => `${chain[0]} is defined through itself`,
  notes: ({ chain }) => [{ label: "cycle", text: chain.join(" -> ") }],
  help: ({ chain }) =>
    chain.some((name) => name.includes("["))
      ? "a recurrence needs a member to begin with, such as enc[0], and steps towards it"
      : "a definition is made from others that do not depend on it",
});

export const unknownModule = kind<{ source: string; suggestion?: string }>("SLAB2004", {
  title: ({ source }) => `there is no ${source}`,
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const outsideRoot = kind<{ source: string }>("SLAB2005", {
  title: ({ source }) => `${source} lies outside of the folder of the file that is compiled`,
  help: () => "files are used from that folder and the folders in it",
});

export const notExported = kind<{ name: string; source: string; suggestion?: string }>("SLAB2006", {
  title: ({ name, source }) => `${source} does not declare ${name}`,
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const useCycle = kind<{ chain: readonly string[] }>("SLAB2007", {
  title: () => "these files use each other in a circle",
  notes: ({ chain }) => [{ label: "cycle", text: chain.join(" -> ") }],
});

export const noNetwork = kind<{ suggestion?: string }>("SLAB2008", {
  title: () => "this file has no network",
  help: () => "`network NAME { input …  output … }` is what can be compiled; `slab new` writes one",
});

export const whichNetwork = kind<{ wanted?: string; networks: readonly string[] }>("SLAB2009", {
  title: ({ wanted }) => (wanted ? `this file has no network ${wanted}` : "this file has several networks"),
  notes: ({ networks }) => [{ label: "networks", text: networks.join(", ") }],
  help: ({ wanted, networks }) => {
    const [near] = wanted === undefined ? [] : suggestions(wanted, networks);
    return near === undefined ? `name one: --network ${networks[0]}` : `did you mean ${near}?`;
  },
});

export const unknownSetting = kind<{ name: string; network: string; settings: readonly string[] }>(
  "SLAB2010",
  {
    title: ({ name, network }) => `${network} has no setting ${name}`,
    notes: ({ settings }) => [{ label: "settings", text: settings.join(", ") || "none" }],
    help: ({ name, settings }) => didYouMean(suggestions(name, settings)[0]),
  },
);

export const unknownLayer = kind<{
  setting: string;
  name: string;
  layers: readonly string[];
  suggestion?: string;
}>("SLAB2030", {
  title: ({ setting, name }) => `${setting} cannot be ${name}: no layer and no operation is called so here`,
  notes: ({ layers }) => [{ label: "layers of the file", text: layers.join(", ") || "none" }],
  help: ({ suggestion }) =>
    didYouMean(suggestion) ?? "a layer of another file has to be named in a `use` of this one",
});

export const tensorSetting = kind<{ name: string }>("SLAB2031", {
  title: ({ name }) => `${name} is a tensor, which cannot be a setting of a network`,
  help: ({ name }) => `tensors come in through inputs: input ${name}: float[n, c: 1, x, y, z]`,
});

export const rangeWithoutIndex = kind<{ name: string; variable: string }>("SLAB2032", {
  title: ({ name, variable }) => `${name} has a range for ${variable}, but no index`,
  help: ({ name, variable }) =>
    `a family is written ${name}[${variable}] = … for ${variable} in …; a list [… for ${variable} in …]`,
});

export const missingSetting = kind<{ name: string; network: string; expected: string }>("SLAB2011", {
  title: ({ name, network }) => `${network} needs a value for ${name}`,
  notes: ({ expected }) => [{ label: "expected", text: expected }],
  help: ({ name }) => `give it with --set ${name}=…`,
});

export const notAMember = kind<{ name: string; index: string; members: string }>("SLAB2012", {
  title: ({ name, index }) => `${name}[${index}] is not defined`,
  notes: ({ members }) => [{ label: "defined", text: members }],
  help: ({ name, index }) => `define ${name}[${index}], or ask only for what is defined`,
});

export const duplicateWeights = kind<{
  path: string;
  callee: string;
  firstLine: number;
  firstColumn: number;
  firstFile?: string;
}>("SLAB2013", {
  title: ({ path }) => `two layers would both store their weights as ${path}`,
  notes: ({ firstLine, firstColumn, firstFile }) => [
    { label: "first", text: `${firstFile ? `${firstFile}, ` : ""}line ${firstLine}, column ${firstColumn}` },
  ],
  help: ({ callee }) => `give each a label of its own: -> first: ${callee}(…) -> second: ${callee}(…)`,
});

export const sharedWeightsDiffer = kind<{
  path: string;
  first: string;
  second: string;
  /** Whether the author has written `shared`; else elements of a comprehension share. */
  isWritten: boolean;
}>("SLAB2014", {
  title: ({ path }) => `${path} is shared, but its uses need different shapes`,
  notes: ({ first, second }) => [
    { label: "first use", text: first },
    { label: "this use", text: second },
  ],
  help: ({ isWritten }) =>
    isWritten
      ? "what is shared has one weight for all its uses: give them the same channels, or leave shared out"
      : "elements of a comprehension share their weights; a family (name[i] = … for i in …) does not",
});

export const differentLayersShare = kind<{ path: string; first: string; second: string }>("SLAB2033", {
  title: ({ path, first, second }) => `${first} and ${second} would share their weights ${path}`,
  help: () =>
    "elements of a comprehension share their weights; for a layer of each kind, make a family: name[i] = … for i in …",
});

export const noOutput = kind<{ what: string; name: string; empty?: readonly string[] }>("SLAB2015", {
  title: ({ what, name }) => `${what} ${name} has no output`,
  notes: ({ empty = [] }) => [
    empty.length > 0 ? { label: "found", text: `families without members: ${empty.join(", ")}` } : undefined,
  ],
  help: ({ what }) =>
    what === "network"
      ? "end it with, for example, `output logits = …`"
      : "end it with `output` and an expression",
});

export const noInput = kind<{ name: string }>("SLAB2016", {
  title: ({ name }) => `network ${name} has no input`,
  help: () => "begin it with, for example, `input volume: float[n, c: 1, x, y, z]`",
});

export const misplacedStatement = kind<{ what: string; where: string; help: string }>("SLAB2017", {
  title: ({ what, where }) => `${what} does not belong in a ${where}`,
  help: ({ help }) => help,
});

export const unusedDefinition = kind<{ name: string }>("SLAB2018", {
  severity: "warning",
  title: ({ name }) => `${name} is never used`,
  help: () => "what no output depends on is left out of the network",
});

export const checkpointNetwork = kind<{ name: string; suggestion?: string }>("SLAB2019", {
  title: ({ name }) => `there is no network ${name} in this file`,
  help: ({ suggestion }) => didYouMean(suggestion),
});

export const unknownCheckpoint = kind<{ name: string; checkpoints: readonly string[] }>("SLAB2020", {
  title: ({ name }) => `this network has no checkpoint ${name}`,
  notes: ({ checkpoints }) => [{ label: "checkpoints", text: checkpoints.join(", ") || "none" }],
});

export const unreadableFile = kind<{ path: string }>("SLAB2021", {
  title: ({ path }) => `${path} cannot be read`,
  help: () => "is the path right, and is it a text file?",
});

export const checkpointUnmatched = kind<{ checkpoint: string; path: string }>("SLAB2022", {
  title: ({ checkpoint, path }) => `checkpoint ${checkpoint} has no rule for ${path}`,
  help: () => "add a rule, or let a more general one match it",
});

export const notAValue = kind<{ name: string; what: string }>("SLAB2023", {
  title: ({ name, what }) => `${name} is a ${what}, which cannot be used here`,
  help: ({ what }) => (what === "network" ? "what networks have in common is a layer" : undefined),
});
