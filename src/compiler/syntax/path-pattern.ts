import type { IToken } from "chevrotain";
import type * as cst from "../../../grammar/cst.generated.js";
import { malformedCapture, restNotAlone, unclosedBrace } from "../diagnostics/catalogue/syntax.js";
import { fail } from "../diagnostics/diagnostic.js";
import { known } from "../support/invariant.js";
import type { SourceFile } from "../support/source.js";
import type { PathPattern, PatternPart } from "./ast.js";
import { literalParts } from "./text-literal.js";

/** One segment of a checkpoint rule's path: `conv{k}`, `{rest*}`. Fails with a diagnostic. */
export function patternSegment(file: SourceFile, node: cst.SegmentCstNode): readonly PatternPart[] {
  const { Identifier = [], Integer = [], capture = [] } = node.children;
  const parts: { readonly offset: number; readonly part: PatternPart }[] = [
    ...[...Identifier, ...Integer].map((token) => ({
      offset: token.startOffset,
      part: { kind: "literal" as const, text: token.image },
    })),
    ...capture.map(({ children }) => {
      const { image, startOffset } = known(children.Identifier[0], "a name");
      const span = { file, start: startOffset, end: startOffset + image.length };
      const kind = children.Times ? ("rest" as const) : ("capture" as const);
      return { offset: startOffset, part: { kind, name: { text: image, span } } };
    }),
  ];
  return checkedSegment(parts.sort((a, b) => a.offset - b.offset).map(({ part }) => part));
}

/**
 * The pattern that an `ignore` has in quotes: in braces stand captures alone, with the same meaning as in a rule's path.
 * Fails with a diagnostic.
 */
export function ignoredPattern(file: SourceFile, { image, startOffset }: IToken): PathPattern {
  const pattern: PatternPart[][] = [[]];
  for (const part of literalParts(image)) {
    if (part.kind === "characters") {
      const [head = "", ...tail] = part.text.split(".");
      pattern.at(-1)?.push({ kind: "literal", text: head });
      for (const text of tail) pattern.push([{ kind: "literal", text }]);
      continue;
    }
    const start = startOffset + part.start;
    const span = { file, start, end: startOffset + part.end };
    if (!part.closed) fail(unclosedBrace, {}, { span: { file, start: start - 1, end: start } });
    const text = file.text.slice(span.start, span.end);
    const [, name, star] = /^\s*([A-Za-z_]\w*)\s*(\*)?\s*$/.exec(text) ?? [];
    if (name === undefined) fail(malformedCapture, { found: `{${text}}` }, { span });
    pattern.at(-1)?.push({ kind: star ? "rest" : "capture", name: { text: name, span } });
  }
  return pattern.map(checkedSegment);
}

/** A capture of any number of segments is alone between its dots. */
function checkedSegment(parts: readonly PatternPart[]): readonly PatternPart[] {
  const written = parts.filter((part) => part.kind !== "literal" || part.text !== "");
  for (const part of written) {
    if (part.kind !== "rest" || written.length === 1) continue;
    fail(restNotAlone, { name: part.name.text }, { span: part.name.span });
  }
  return written;
}
