/** What a name is. `builtin`: a function of the language itself; `implied`: an operation that nobody writes by name. */
export type EntryKind =
  | "word"
  | "property"
  | "type"
  | "builtin"
  | "operation"
  | "implied"
  | "const"
  | "fn"
  | "view"
  | "layer"
  | "network"
  | "checkpoint"
  | "pipeline";

/** A name with what is known about it, for people. Texts are plain, with code between backticks. */
export interface Entry {
  readonly kind: EntryKind;
  readonly name: string;
  /** How it is declared or written; as long as it is short enough, `joined` to one line. */
  readonly signature: Signature;
  /** Paragraphs have an empty line between them; the first sentence says what it is. */
  readonly documentation: string;
  readonly parameters: readonly EntryMember[];
  /** The inputs of a network. */
  readonly inputs: readonly EntryMember[];
  /** The outputs that have a name. */
  readonly outputs: readonly EntryMember[];
}

/** `layer UNet(`, `encoder: [layer]`, …, `)`; without parameters everything is in `head`. */
export interface Signature {
  readonly head: string;
  readonly parameters: readonly string[];
  readonly tail: string;
}

/** A parameter, input or output. */
export interface EntryMember {
  readonly name: string;
  /** Absent where it follows from the text alone, as that of an output does. */
  readonly type?: string;
  /** As it is written; absent where a value has to be given. */
  readonly default?: string;
  readonly documentation: string;
}

/** A file or a module of the standard library: what it says of itself, and its declarations in order. */
export interface ModuleEntry {
  /** `std.blocks`, or the file's path. */
  readonly name: string;
  readonly documentation: string;
  readonly entries: readonly Entry[];
}

/** The signature on one line, or with one parameter on each where that is longer than `width`. */
export function showSignature({ head, parameters, tail }: Signature, width: number): string {
  const line = `${head}${parameters.join(", ")}${tail}`;
  if (line.length <= width || parameters.length === 0) return line;
  return [head, ...parameters.map((parameter) => `  ${parameter},`), tail].join("\n");
}
