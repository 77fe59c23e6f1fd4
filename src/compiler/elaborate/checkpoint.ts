import { checkpointUnmatched } from "../diagnostics/catalogue/names.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { CheckpointDeclaration, PatternPart } from "../syntax/ast.js";
import type { Frame } from "./frame.js";
import type { LayerInstances } from "./instances.js";
import { integer, type Value } from "./values.js";

/**
 * The other framework's name for a weight. The first rule whose pattern matches the beginning of the path gives the
 * name of that part; what the pattern leaves of the path is appended. Captures hold an integer where the text is one.
 */
export function foreignName(
  path: string,
  checkpoint: CheckpointDeclaration,
  frame: Frame,
  instances: LayerInstances,
): string {
  const segments = path.split(".");
  for (const { pattern, target } of checkpoint.rules) {
    const captures = matchPattern(pattern, segments);
    if (!captures) continue;
    const context = { ...instances.bodyContext(frame, checkpoint.name.text), variables: captures };
    const renamed = instances.evaluator.text(target.parts, context);
    return [renamed, ...segments.slice(pattern.length)].join(".");
  }
  return fail(
    checkpointUnmatched,
    { checkpoint: checkpoint.name.text, path },
    { span: checkpoint.name.span },
  );
}

function matchPattern(
  pattern: readonly (readonly PatternPart[])[],
  segments: readonly string[],
): Map<string, Value> | undefined {
  if (pattern.length > segments.length) return undefined;
  const captures = new Map<string, Value>();
  for (const [index, parts] of pattern.entries()) {
    const names: string[] = [];
    const source = parts
      .map((part) => {
        if (part.kind === "literal") return part.text;
        names.push(part.name.text);
        return "(.+?)";
      })
      .join("");
    const match = new RegExp(`^${source}$`).exec(segments[index] as string);
    if (!match) return undefined;
    names.forEach((name, group) => {
      const text = match[group + 1] as string;
      captures.set(name, /^\d+$/.test(text) ? integer(Number(text)) : { kind: "string", value: text });
    });
  }
  return captures;
}
