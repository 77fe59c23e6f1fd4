import {
  type Entry,
  type EntryMember,
  type ModuleEntry,
  markdownText,
  showSignature,
} from "../../compiler/index.js";

const width = 100;

/** The standard library as a Markdown page: each module, and each declaration with its signature and parameters. */
export function standardLibraryPage(modules: readonly ModuleEntry[]): string {
  return `${["# The standard library", introduction, ...modules.map(modulePage)].join("\n\n")}\n`;
}

const introduction =
  "What is written in Slab itself, in `std/`. A file says what it uses: `use std.unet { UNet }`. " +
  "`slab docs NAME` prints the same in a terminal. Operations are in [ops.md](ops.md), the language in " +
  "[language.md](language.md).";

function modulePage({ name, documentation, entries }: ModuleEntry): string {
  return [`## ${name}`, ...paragraphs(documentation), ...entries.map(entrySection)].join("\n\n");
}

function entrySection(entry: Entry): string {
  return [
    `### ${entry.name}`,
    `\`\`\`\n${showSignature(entry.signature, width)}\n\`\`\``,
    ...paragraphs(entry.documentation),
    ...(entry.parameters.length > 0 ? [parameterTable(entry.parameters)] : []),
    ...(entry.outputs.length > 0 ? [outputTable(entry.outputs)] : []),
  ].join("\n\n");
}

function parameterTable(members: readonly EntryMember[]): string {
  const rows = members.map(
    ({ name, type, default: value, documentation }) =>
      `| \`${name}\` | \`${type}\` | ${value === undefined ? "required" : `\`${value}\``} | ${cell(documentation)} |`,
  );
  return ["| parameter | type | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function outputTable(members: readonly EntryMember[]): string {
  const rows = members.map(({ name, documentation }) => `| \`${name}\` | ${cell(documentation)} |`);
  return ["| output | meaning |", "| --- | --- |", ...rows].join("\n");
}

function cell(text: string): string {
  return markdownText(text.replace(/\s+/g, " ")).replaceAll("|", "\\|");
}

function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => markdownText(paragraph.trim()))
    .filter((paragraph) => paragraph !== "");
}
