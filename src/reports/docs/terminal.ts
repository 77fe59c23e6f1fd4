import {
  type Entry,
  type EntryMember,
  type Library,
  type ModuleEntry,
  showSignature,
} from "../../compiler/index.js";

/** No line is longer, unless a name or a piece of code is. */
const width = 100;

/** Everything about one name. */
export function renderEntry(entry: Entry, module?: ModuleEntry): string {
  return [
    showSignature(entry.signature, width),
    ...(module?.name.startsWith("std.") ? [`use ${module.name} { ${entry.name} }`] : []),
    ...paragraphs(entry.documentation).map((paragraph) => wrap(paragraph, width).join("\n")),
    // Parameters that nobody explained stand in the signature already.
    ...renderMembers("Parameters", entry.parameters.some(hasText) ? entry.parameters : []),
    ...renderMembers("Inputs", entry.inputs),
    ...renderMembers("Outputs", entry.outputs),
  ].join("\n\n");
}

const rule = "─".repeat(width);

/** Everything about a name that means several things. */
export function renderEntries(entries: readonly { entry: Entry; module?: ModuleEntry }[]): string {
  return entries.map(({ entry, module }) => renderEntry(entry, module)).join(`\n\n${rule}\n`);
}

/** A module's own words, then everything about each of its declarations. */
export function renderModule(module: ModuleEntry): string {
  const head = [module.name, ...paragraphs(module.documentation).map((text) => wrap(text, width).join("\n"))];
  const entries = module.entries.map((entry) => `${rule}\n${renderEntry(entry, module)}`);
  return [head.join("\n\n"), ...entries].join("\n\n");
}

/** Every name with its first sentence. */
export function renderLibrary({ language, operations, modules }: Library): string {
  const ofKind = (kind: Entry["kind"]) => [...language, ...operations].filter((entry) => entry.kind === kind);
  const sections: readonly (readonly [string, readonly Entry[]])[] = [
    ["Words of the language", ofKind("word")],
    ["What a pipeline says", ofKind("property")],
    ["Types of parameters", ofKind("type")],
    ["Functions of values", ofKind("builtin")],
    ["Operations", ofKind("operation")],
    ["What expressions become, which nobody writes by these names", ofKind("implied")],
  ];
  return [
    ...sections.map(([title, entries]) => `${title}\n${renderList(entries)}`),
    renderModules(modules),
    "slab docs NAME says more about one of them, slab docs FILE.slab about a file of your own.",
  ].join("\n\n");
}

/** The names of modules, each with its first sentence. */
export function renderModules(modules: readonly ModuleEntry[]): string {
  return modules
    .map((module) => {
      const about = wrap(`${module.name}: ${firstSentence(module.documentation)}`, width);
      return `${about.join("\n")}\n${renderList(module.entries)}`;
    })
    .join("\n\n");
}

function renderList(entries: readonly Entry[]): string {
  const rows = entries.map(({ name, documentation }) => [name, firstSentence(documentation)] as const);
  return columns(rows).join("\n");
}

function renderMembers(title: string, members: readonly EntryMember[]): string[] {
  if (members.length === 0) return [];
  const rows = members.map((member) => [memberText(member), member.documentation] as const);
  // Where types and defaults are long, each explanation stands below its parameter.
  const longest = Math.max(...rows.map(([left]) => left.length));
  const lines =
    longest <= 36 ? columns(rows) : rows.flatMap(([left, text]) => [`  ${left}`, ...indented(text)]);
  return [[title, ...lines].join("\n")];
}

function hasText({ documentation }: EntryMember): boolean {
  return documentation !== "";
}

function indented(text: string): string[] {
  return wrap(oneLine(text), width - 6).map((line) => `      ${line}`);
}

function memberText({ name, type, default: value }: EntryMember): string {
  return `${name}${type === undefined ? "" : `: ${type}`}${value === undefined ? "" : ` = ${value}`}`;
}

/** Names on the left, texts on the right, wrapped in their column. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, text]) => {
    const lines = wrap(oneLine(text), width - 2 - left);
    const [first = "", ...others] = lines;
    return [
      `  ${name.padEnd(left)}${first}`.trimEnd(),
      ...others.map((line) => `${" ".repeat(left + 2)}${line}`),
    ];
  });
}

/** Paragraphs are parted by empty lines; items of a list (`- `) keep their lines. */
function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .flatMap((paragraph) => paragraph.split(/\n(?=- )/))
    .map(oneLine)
    .filter((paragraph) => paragraph !== "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Up to the first full stop that ends a word and not an abbreviation such as `et al.`, or the whole paragraph. */
export function firstSentence(text: string): string {
  const [paragraph = ""] = paragraphs(text);
  const end = /(?<!\bal|\be\.g|\bi\.e)\.(?=\s+[A-Z`])/.exec(paragraph);
  return end ? paragraph.slice(0, end.index + 1) : paragraph;
}

function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
