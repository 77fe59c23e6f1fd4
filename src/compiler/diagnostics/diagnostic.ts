import type { Span } from "../support/source.js";

export type Severity = "error" | "warning";

/** A line below the source: a name and what was found for it. */
export interface Note {
  readonly label: string;
  readonly text: string;
}

/** Where a diagnostic points: a span of a source text, or a whole file that is not Slab text. */
export type Place = { readonly span: Span; readonly remark?: string } | { readonly path: string };

/** One mistake of a user's, in one message. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly place?: Place;
  readonly notes: readonly Note[];
  readonly help: readonly string[];
}

/**
 * A kind of diagnostic, declared once in the catalogue. `title`, `notes` and `help` are functions of typed arguments, so
 * that a message can't be built with a part missing.
 */
export interface DiagnosticKind<A> {
  readonly code: string;
  readonly severity: Severity;
  readonly title: (args: A) => string;
  readonly notes: (args: A) => readonly (Note | undefined)[];
  readonly help: (args: A) => string | undefined | readonly string[];
}

interface KindParts<A> {
  readonly severity?: Severity;
  readonly title: (args: A) => string;
  readonly notes?: (args: A) => readonly (Note | undefined)[];
  readonly help?: (args: A) => string | undefined | readonly string[];
}

/** Declares a kind of diagnostic under its stable code. */
export function kind<A>(code: `SLAB${number}`, parts: KindParts<A>): DiagnosticKind<A> {
  return {
    code,
    severity: parts.severity ?? "error",
    title: parts.title,
    notes: parts.notes ?? (() => []),
    help: parts.help ?? (() => undefined),
  };
}

/** Makes a diagnostic of a kind at a place. */
export function diagnose<A>(kind: DiagnosticKind<A>, args: A, place?: Place): Diagnostic {
  const help = kind.help(args);
  return {
    code: kind.code,
    severity: kind.severity,
    title: kind.title(args),
    ...(place ? { place } : {}),
    notes: kind.notes(args).filter((note): note is Note => note !== undefined),
    help: help === undefined ? [] : typeof help === "string" ? [help] : help,
  };
}

/** Carries diagnostics to whoever shows them. The only exception that means "the user's input is wrong". */
export class SlabFailure extends Error {
  override readonly name = "SlabFailure";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ code, title }) => `${code}: ${title}`).join("\n"));
    this.diagnostics = diagnostics;
  }
}

/** Stops with one diagnostic. */
export function fail<A>(kind: DiagnosticKind<A>, args: A, place?: Place): never {
  throw new SlabFailure([diagnose(kind, args, place)]);
}
