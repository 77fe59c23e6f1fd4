import type { CstNode, IToken } from "chevrotain";
import { known } from "../support/invariant.js";
import type { SourceFile, Span } from "../support/source.js";
import type * as ast from "./ast.js";

/** The first of a kind of part that the grammar asks for. */
export function first<T>(items: readonly T[] | undefined): T {
  return known(items?.[0], "a part of the syntax tree");
}

/** The last of a kind of part that the grammar asks for. */
export function last<T>(items: readonly T[] | undefined): T {
  return known(items?.at(-1), "a part of the syntax tree");
}

/** The last block of comments; one that a blank line parts from it is about the file. */
export function documentationOf(tokens: readonly IToken[] = []): string {
  const line = (index: number) => tokens[index]?.startLine ?? 0;
  const gap = tokens.findLastIndex((_, index) => index > 0 && line(index) > line(index - 1) + 1);
  const block = tokens.slice(Math.max(gap, 0));
  return block.map(({ image }) => image.slice(3).trim()).join("\n");
}

/** Where tokens and nodes of one file stand, and what they say. */
export class SourceReader {
  constructor(protected readonly file: SourceFile) {}

  protected name(token: IToken): ast.Name {
    return { text: token.image, span: this.token(token) };
  }

  protected token(token: IToken): Span {
    return { file: this.file, start: token.startOffset, end: token.startOffset + token.image.length };
  }

  protected tokens(tokens: readonly IToken[] = []): readonly Span[] {
    return tokens.map((token) => this.token(token));
  }

  protected span(node: CstNode): Span {
    const location = known(node.location, "a location");
    return { file: this.file, start: location.startOffset, end: known(location.endOffset, "an end") + 1 };
  }

  protected sourceOf(node: CstNode): string {
    const { start, end } = this.span(node);
    return this.file.text.slice(start, end);
  }
}
