import type { IRecognitionException, IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import * as messages from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../support/source.js";

/** What the parser was reading when it stopped, said as a person would say it. */
const ruleExpectations: Readonly<Record<string, string>> = {
  primary: "a value",
  postfix: "a value",
  stage: "a layer, an operation or a view after ->",
  statement: "a definition (name = …), input, output or require",
  definition: "= and a value after the name",
  declaration: "a declaration",
  type: "a type: int, float, ratio, bool, string, size, layer, or a list of one such as [int]",
  suffix: "a name after the dot",
  segment: "a name of the path, or {i} for any",
};

/** Turns the parser's refusal into a diagnostic that says what was expected at that place. */
export function explainMismatch(
  file: SourceFile,
  error: IRecognitionException,
  tokens: readonly IToken[],
): Diagnostic {
  const token = error.token;
  const atEnd = Number.isNaN(token.startOffset) || token.tokenType.name === "EOF";
  const previous = atEnd ? tokens.at(-1) : tokens[tokens.indexOf(token) - 1];
  const anchor = atEnd ? previous : token;
  const start = anchor ? (atEnd ? anchor.startOffset + anchor.image.length : anchor.startOffset) : 0;
  const end = anchor && !atEnd ? start + anchor.image.length : start + 1;
  const place = { span: { file, start, end } };
  const expected = expectation(error, previous);
  if (!atEnd && expected === "a name" && (t.reservedWords as readonly unknown[]).includes(token.tokenType)) {
    return diagnose(messages.reservedName, { word: token.image }, place);
  }
  const found = atEnd ? "the end" : token.tokenType === t.DocComment ? "a documentation comment" : token.image;
  const help = helpFor(token, previous);
  return diagnose(messages.unexpectedToken, { found, expected, ...(help ? { help } : {}) }, place);
}

function expectation(error: IRecognitionException, previous: IToken | undefined): string {
  const rule = error.context.ruleStack.at(-1) ?? "";
  if (error.name === "MismatchedTokenException") {
    const wanted = (error as IRecognitionException & { expectedToken?: TokenType }).expectedToken;
    if (wanted) return describeToken(wanted);
    const match = /Expecting token of type --> (.+?) </.exec(error.message);
    if (match?.[1]) return match[1] === "Identifier" ? "a name" : match[1].replaceAll("'", "");
  }
  if (rule === "suffix" && previous?.tokenType === t.LeftParen) return "an argument or )";
  return ruleExpectations[rule] ?? "something else";
}

function describeToken(type: TokenType): string {
  if (type === t.Identifier) return "a name";
  if (type === t.Text) return 'text in "quotes"';
  return (type.LABEL ?? type.name).replaceAll("'", "");
}

function helpFor(token: IToken, previous: IToken | undefined): string | undefined {
  if (token.tokenType === t.Equals && previous) return "compare with ==; = defines a name, once, at the start of a line";
  if (token.tokenType === t.Range) return "a range stands after for … in: for i in 1..depth";
  if (previous?.tokenType === t.Require) return undefined;
  if (token.tokenType === t.Colon) return "a named argument or a label is written name: value";
  return undefined;
}
