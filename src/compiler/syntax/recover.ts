import type { IRecognitionException, IToken } from "chevrotain";
import * as t from "../../../grammar/tokens.js";

/** Grammar rules that end where a statement ends: an error in one of them is about the token itself. */
const betweenStatements: readonly string[] = [
  "body",
  "statement",
  "declaration",
  "checkpoint",
  "pipeline",
  "labels",
];

/** Whether the parser stopped at a token because what comes before it, on another line, is not finished. */
export function isUnfinishedBefore(error: IRecognitionException, tokens: readonly IToken[]): boolean {
  const index = tokens.indexOf(error.token);
  if (index < 1 || !beginsLine(tokens, index) || error.name === "NotAllInputParsedException") return false;
  if (betweenStatements.includes(error.context.ruleStack.at(-1) ?? "")) return false;
  return (
    error.name === "MismatchedTokenException" ||
    (isPipeline(tokens) ? beginsProperty : beginsStatement)(tokens, index) ||
    error.token.tokenType === t.RightCurly
  );
}

/** The tokens without the statement in which the parser stopped, or undefined where that is the declaration itself. */
export function withoutStatementOf(
  error: IRecognitionException,
  tokens: readonly IToken[],
): readonly IToken[] | undefined {
  const open = tokens.findIndex(({ tokenType }) => tokenType === t.LeftCurly);
  const place = tokens.indexOf(error.token);
  const last = tokens.length - 1;
  const at = place < 0 ? last : isUnfinishedBefore(error, tokens) ? place - 1 : place;
  if (open < 0 || at <= open) return undefined;
  const begins = isPipeline(tokens) ? beginsProperty : beginsStatement;
  const isStart = (index: number) => beginsLine(tokens, index) && begins(tokens, index);
  const rule = error.context.ruleStack.at(-1) ?? "";
  const itself = betweenStatements.includes(rule) && beginsLine(tokens, at) && at < last;
  let start = at;
  while (!itself && start > open && !isStart(start)) start--;
  if (start === open) return undefined;
  let end = start + 1;
  let nesting = 0;
  // A block in braces belongs to the statement that it follows.
  const nest = (index: number) => {
    if (tokens[index]?.tokenType === t.LeftCurly) nesting += 1;
    if (tokens[index]?.tokenType === t.RightCurly) nesting -= 1;
  };
  nest(start);
  while (end < last && (end <= at || nesting > 0 || !isStart(end))) {
    nest(end);
    end++;
  }
  return end > last ? undefined : [...tokens.slice(0, start), ...tokens.slice(end)];
}

function beginsLine(tokens: readonly IToken[], index: number): boolean {
  return tokens[index]?.startLine !== tokens[index - 1]?.startLine;
}

function isPipeline(tokens: readonly IToken[]): boolean {
  return tokens.find(({ tokenType }) => tokenType !== t.DocComment)?.tokenType === t.Pipeline;
}

/** `overlap: 0.5`, `labels {`, `1: "spleen"` */
function beginsProperty(tokens: readonly IToken[], index: number): boolean {
  const type = tokens[index]?.tokenType;
  const next = tokens[index + 1]?.tokenType;
  if (type === t.Integer) return next === t.Colon;
  if (type !== t.Identifier && !type?.CATEGORIES?.includes(t.Identifier)) return false;
  return next === t.Colon || next === t.LeftCurly || next === t.Equals;
}

function beginsStatement(tokens: readonly IToken[], index: number): boolean {
  const type = tokens[index]?.tokenType;
  if (type === t.Output || type === t.Require || type === t.DocComment) return true;
  const declares = type === t.Input || type === t.Param;
  if (declares && tokens[index + 1]?.tokenType === t.Identifier) return true;
  if (type !== t.Identifier && !type?.CATEGORIES?.includes(t.Identifier)) return false;
  const next = tokens[index + 1]?.tokenType;
  return next === t.Equals || next === t.LeftSquare || next === t.Dot || next === t.LeftCurly;
}
