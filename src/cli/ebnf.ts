import type { ISerializedGast } from "chevrotain";

/** The properties of Chevrotain's serialized grammar that are printed here. */
interface Production {
  readonly type: ISerializedGast["type"];
  readonly name?: string;
  readonly nonTerminalName?: string;
  readonly label?: string;
  readonly separator?: Production;
  readonly definition?: readonly Production[];
}

/** A token that is no fixed text, with its pattern. */
export interface Terminal {
  readonly name: string;
  readonly pattern: string;
}

/**
 * A grammar as EBNF in the W3C notation: `?` optional, `*` any number, `+` at least one, `|` or. Rules come in the
 * order in which they are declared, then the tokens with their regular expressions.
 */
export function grammarAsEbnf(rules: readonly ISerializedGast[], terminals: readonly Terminal[]): string {
  const isTerminal = new Set(terminals.map(({ name }) => name));
  const names = [...rules, ...terminals].map((part) => (part as { name: string }).name);
  const width = Math.max(...names.map((name) => name.length));
  const lines = (rules as readonly Production[]).map((rule) => {
    const choices = alternativesOf(rule, isTerminal);
    return `${rule.name?.padEnd(width)} ::= ${choices.join(`\n${" ".repeat(width)}   | `)}`;
  });
  const tokens = terminals.map(({ name, pattern }) => `${name.padEnd(width)} ::= /${pattern}/`);
  return `${[...lines, "", ...tokens].join("\n")}\n`;
}

/** A rule that is nothing but a choice has a line for each. */
function alternativesOf(rule: Production, isTerminal: ReadonlySet<string>): string[] {
  const [only, ...more] = rule.definition ?? [];
  const choice = more.length === 0 && only?.type === "Alternation" ? only : undefined;
  if (choice) return (choice.definition ?? []).map((part) => sequence(part.definition ?? [], isTerminal));
  return [sequence(rule.definition ?? [], isTerminal)];
}

function sequence(parts: readonly Production[], isTerminal: ReadonlySet<string>): string {
  return parts.map((part) => printed(part, isTerminal)).join(" ");
}

function printed(part: Production, isTerminal: ReadonlySet<string>): string {
  const { type, definition = [], separator } = part;
  const inner = () => sequence(definition, isTerminal);
  switch (type) {
    case "NonTerminal":
      return part.nonTerminalName ?? part.name ?? "";
    case "Terminal":
      return isTerminal.has(part.name ?? "") ? (part.name ?? "") : (part.label ?? "");
    case "Alternation":
      return `(${definition.map((choice) => sequence(choice.definition ?? [], isTerminal)).join(" | ")})`;
    case "Option":
      return `${grouped(inner())}?`;
    case "Repetition":
      return `${grouped(inner())}*`;
    case "RepetitionMandatory":
      return `${grouped(inner())}+`;
    case "RepetitionWithSeparator":
      return `(${separatedList(inner(), separator, isTerminal)})?`;
    case "RepetitionMandatoryWithSeparator":
      return separatedList(inner(), separator, isTerminal);
    default:
      return inner();
  }
}

function separatedList(
  item: string,
  separator: Production | undefined,
  isTerminal: ReadonlySet<string>,
): string {
  return `${item} (${separator ? printed(separator, isTerminal) : ""} ${item})*`;
}

function grouped(text: string): string {
  return /^\w+$|^'[^']*'$|^\([^()]*\)$/.test(text) ? text : `(${text})`;
}
