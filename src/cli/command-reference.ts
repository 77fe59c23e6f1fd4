import type { Command } from "commander";
import { createProgram } from "./program.js";

/** Every command with its options and examples, as Markdown. */
export function commandReference(): string {
  const silent = () => undefined;
  const progress = { isTTY: false, write: () => true } as const;
  const program = createProgram({ print: silent, remark: silent, colour: false, progress }, silent);
  const sections = program.commands.map((command) => section(command));
  return `# Commands\n\nWhat \`slab COMMAND --help\` prints.\n\n${sections.join("\n")}`;
}

function section(command: Command): string {
  const usage = `slab ${command.name()} ${command.usage()}`;
  const rows = command.options.map(({ flags, description, defaultValue, argChoices }) => {
    const choices = argChoices ? `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}` : "";
    const usual = typeof defaultValue === "string" ? ` (default: ${defaultValue})` : "";
    return `| \`${flags}\` | ${cell(description)}${choices}${usual} |`;
  });
  const options = rows.length === 0 ? "" : `| option | |\n| --- | --- |\n${rows.join("\n")}\n\n`;
  return `## ${command.name()}\n\n${command.description()}\n\n\`${usage}\`\n\n${options}${examples(command)}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

/** The examples, which stand behind everything else of a command's help. */
function examples(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const lines = help.split("Examples:\n")[1]?.split("\n") ?? [];
  const commands = lines.map((line) => line.replace(/^\s*\$ /, "")).filter((line) => line !== "");
  return commands.length === 0 ? "" : `\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`;
}
