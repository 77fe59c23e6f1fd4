import { checkpointUnmatched } from "../diagnostics/catalogue/names.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { CheckpointDeclaration, PathPattern, PatternPart } from "../syntax/ast.js";
import type { Frame } from "./frame.js";
import type { LayerInstances } from "./instances.js";
import { integer, type Value } from "./values.js";

/**
 * The other framework's name for a weight. The first rule whose pattern matches the beginning of the path gives the
 * name of that part; what the pattern leaves of the path is appended. Captures hold an integer where the text is one;
 * one of several segments holds them with their dots.
 */
export function foreignName(
  path: string,
  checkpoint: CheckpointDeclaration,
  frame: Frame,
  instances: LayerInstances,
): string {
  const segments = path.split(".");
  for (const { pattern, target } of checkpoint.rules) {
    const match = matchPattern(pattern, segments);
    if (!match) continue;
    const context = { ...instances.bodyContext(frame, checkpoint.name.text), variables: match.captures };
    const renamed = instances.evaluator.text(target.parts, context);
    const name = [renamed, ...segments.slice(match.length)].join(".");
    // A capture of no segments leaves two dots, or one at an end.
    return match.hasEmpty ? name.split(".").filter(Boolean).join(".") : name;
  }
  return fail(
    checkpointUnmatched,
    { checkpoint: checkpoint.name.text, path },
    { span: checkpoint.name.span },
  );
}

/** Whether a checkpoint block says that a tensor of the file has no place in the network. */
export function isIgnored(name: string, { ignored }: CheckpointDeclaration): boolean {
  const segments = name.split(".");
  return ignored.some((pattern) => matchPattern(pattern, segments, true) !== undefined);
}

interface Match {
  /** How many segments the pattern takes. */
  readonly length: number;
  readonly captures: ReadonlyMap<string, Value>;
  readonly hasEmpty: boolean;
}

/**
 * Matches the beginning of a path, or all of it. A capture of several segments takes as few as it can, at the end of a pattern all
 * that are left.
 */
function matchPattern(pattern: PathPattern, segments: readonly string[], whole = false): Match | undefined {
  const taken: string[][] = [];
  /** Places from which the rest of the pattern does not match: each is tried once. */
  const failed = new Set<number>();
  const matchFrom = (entry: number, at: number): number | undefined => {
    const parts = pattern[entry];
    if (!parts) return whole && at < segments.length ? undefined : at;
    const place = entry * (segments.length + 1) + at;
    if (failed.has(place)) return undefined;
    const isRest = parts[0]?.kind === "rest";
    const least = isRest ? (entry === pattern.length - 1 ? segments.length - at : 0) : 1;
    const most = isRest ? segments.length - at : 1;
    for (let count = least; count <= most && at + count <= segments.length; count++) {
      const texts = isRest ? [segments.slice(at, at + count).join(".")] : matchSegment(parts, segments[at]);
      if (!texts) break;
      const end = matchFrom(entry + 1, at + count);
      if (end === undefined) continue;
      taken[entry] = texts;
      return end;
    }
    failed.add(place);
    return undefined;
  };
  const length = matchFrom(0, 0);
  if (length === undefined) return undefined;
  const captures = new Map<string, Value>();
  for (const [entry, parts] of pattern.entries()) {
    const names = parts.flatMap((part) => (part.kind === "literal" ? [] : [part.name.text]));
    names.forEach((name, index) => {
      const text = taken[entry]?.[index] ?? "";
      captures.set(name, /^\d+$/.test(text) ? integer(Number(text)) : { kind: "string", value: text });
    });
  }
  const hasEmpty = pattern.some(([part], entry) => part?.kind === "rest" && taken[entry]?.[0] === "");
  return { length, captures, hasEmpty };
}

/** What the captures of one segment of a pattern take, each at least a character. */
function matchSegment(parts: readonly PatternPart[], segment: string | undefined): string[] | undefined {
  if (segment === undefined) return undefined;
  const source = parts.map((part) =>
    part.kind === "literal" ? part.text.replace(/[^\w]/g, "\\$&") : "(.+?)",
  );
  const match = new RegExp(`^${source.join("")}$`, "su").exec(segment);
  return match ? match.slice(1) : undefined;
}
