import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import * as messages from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose } from "../diagnostics/diagnostic.js";
import { known } from "../support/invariant.js";
import type { SourceFile } from "../support/source.js";

/** Brackets and conditionals inside each other. The parser and everything after it call themselves once for each. */
const deepestNesting = 50;
/** Arrows, operators and calls that make one value. Each is a level of the syntax tree. */
const longestChain = 500;

const opening: readonly TokenType[] = [t.LeftParen, t.LeftSquare, t.LeftCurly];
const closing: readonly TokenType[] = [t.RightParen, t.RightSquare, t.RightCurly];
/** After these another value begins. */
const separating: readonly TokenType[] = [t.Equals, t.Comma, t.Output, t.Require];
const chaining: readonly TokenType[] = [
  t.Arrow,
  t.Dot,
  t.Not,
  t.And,
  t.Or,
  t.Plus,
  t.Minus,
  t.Times,
  t.Divide,
  t.Percent,
];

/** What is open around a token: how many `if`s and chain links the values since the last separator hold. */
interface Level {
  conditionals: number;
  links: number;
}

/** Refuses tokens that nest so deeply, or chain so many steps, that reading them would exhaust the stack. */
export function excessOf(file: SourceFile, tokens: readonly IToken[]): Diagnostic | undefined {
  const levels: Level[] = [{ conditionals: 0, links: 0 }];
  let nesting = 0;
  let chain = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    const level = known(levels.at(-1), "the outermost level");
    if (opening.includes(type)) {
      level.links += 1;
      chain += 1;
      nesting += 1;
      levels.push({ conditionals: 0, links: 0 });
    } else if (closing.includes(type)) {
      // A bracket that closes nothing is the parser's to report.
      if (levels.length === 1) continue;
      nesting -= 1 + level.conditionals;
      chain -= level.links;
      levels.pop();
    } else if (separating.includes(type)) {
      nesting -= level.conditionals;
      chain -= level.links;
      level.conditionals = 0;
      level.links = 0;
    } else if (type === t.If) {
      level.conditionals += 1;
      nesting += 1;
    } else if (chaining.includes(type)) {
      level.links += 1;
      chain += 1;
    }
    const place = { span: { file, start: token.startOffset, end: token.startOffset + token.image.length } };
    if (nesting > deepestNesting) return diagnose(messages.tooDeep, { limit: deepestNesting }, place);
    if (chain > longestChain) return diagnose(messages.tooLong, { limit: longestChain }, place);
  }
  return undefined;
}
