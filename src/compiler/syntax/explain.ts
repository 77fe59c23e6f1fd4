import type { IRecognitionException, IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import * as messages from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../support/source.js";
import { isUnfinishedBefore } from "./recover.js";

/** What the parser was reading when it stopped, said as a person would say it. */
const ruleExpectations: Readonly<Record<string, string>> = {
  primary: "a value",
  postfix: "a value",
  stage: "a layer, an operation or a view after ->",
  statement: "a definition (name = …), input, param, output or require",
  declaration: "a declaration",
  use: 'a module such as std.views, or a file in "quotes"',
  type: "a type: int, float, ratio, bool, string, size, view, layer, tensor, or a list of one such as [int]",
  suffix: "an argument or )",
  subscript: "an index, or a slice such as c: 0..<4",
  slice: "a position or a range, such as 0..<4",
  segment: "a name of the path, or {i} for any",
  "suffix )": ", or )",
  "parameters )": ", or )",
  "list ]": ", or ]",
  "tensorType ]": ", or ]",
  tensorType: "an axis: its name such as n, or with its size such as c: 1",
  axis: "an axis: its name such as n, or with its size such as c: 1",
  "use }": ", or }",
  "use {": "{ and the names to use",
  "view }": ", or }",
  "constant =": "= and a value",
  "fn =": "= and a value",
  "definition =": "= and a value",
  "mapping =": "= and a name in quotes",
  checkpoint: 'a rule (path = "name"), or ignore and a pattern in "quotes"',
  "checkpoint }": 'a rule (path = "name"), ignore or }',
  pipeline: "a property such as overlap: 0.5, or labels { … }",
  "pipeline }": "a property such as overlap: 0.5, labels { … } or }",
  "pipeline {": "{ and the pipeline's properties",
  "settings )": ", or )",
  "property :": ": and a value",
  label: 'a label such as 1: "spleen"',
  "labels }": 'a label such as 1: "spleen", or }',
  "label :": ': and the label\'s name in "quotes"',
  'label a text in "quotes"': 'the label\'s name in "quotes"',
  "parameter :": ": and a type, as in classes: int",
  "freeParameter a name": "zeros, ones, normal(0.02) or uniform(0.02) after init",
  "freeParameter :": ": and a type, as in scale: float[c: 8]",
  "freeParameter )": ")",
  "inputDeclaration :": ": and a type, as in volume: float[n, c: 1, x, y, z]",
  "requirement ,": ', and a message in "quotes"',
};

/**
 * Turns the parser's refusal into a diagnostic that says what was expected at that place. Without any token it points
 * at `origin`.
 */
export function explainMismatch(
  file: SourceFile,
  error: IRecognitionException,
  tokens: readonly IToken[],
  origin = 0,
): Diagnostic {
  const { token } = error;
  const atEnd = Number.isNaN(token.startOffset) || token.tokenType.name === "EOF";
  const index = tokens.indexOf(token);
  const previous = atEnd ? tokens.at(-1) : tokens[index - 1];
  const rule = error.context.ruleStack.at(-1) ?? "";
  if (
    !atEnd &&
    isReserved(token) &&
    rule !== "freeParameter" &&
    (wantedOf(error) === "a name" || (rule === "body" && isName(tokens[index + 1])))
  ) {
    return diagnose(messages.reservedName, { word: token.image }, placeOf(file, token));
  }
  const expected = expectation(error, tokens);
  const help = helpFor(error, previous, tokens);
  const args = { expected, ...(help ? { help } : {}) };
  if (atEnd || isUnfinishedBefore(error, tokens)) {
    const end = previous ? previous.startOffset + previous.image.length : origin;
    const found = atEnd ? "the end" : "the end of the line";
    return diagnose(
      messages.unexpectedToken,
      { found, ...args },
      { span: { file, start: end, end: end + 1 } },
    );
  }
  const next = tokens[index + 1];
  if (rule === "pipeline" && !atEnd && isWord(token) && next?.startLine === token.startLine && next) {
    const args = { name: token.image, found: next.image };
    return diagnose(messages.propertyWithoutColon, args, placeOf(file, next));
  }
  if (startsDefinition(error) && next) {
    const declares = token.tokenType === t.Input || token.tokenType === t.Param;
    if (declares && isReserved(next)) {
      return diagnose(messages.reservedName, { word: next.image }, placeOf(file, next));
    }
    const definition = { found: next.image, expected: `= after ${token.image}` };
    const colon = next.tokenType === t.Colon ? { help: `a definition is written ${token.image} = …` } : {};
    return diagnose(messages.unexpectedToken, { ...definition, ...colon }, placeOf(file, next));
  }
  const found = token.tokenType === t.DocComment ? "a documentation comment" : token.image;
  return diagnose(messages.unexpectedToken, { found, ...args }, placeOf(file, token));
}

function placeOf(file: SourceFile, { startOffset, image }: IToken) {
  return { span: { file, start: startOffset, end: startOffset + image.length } };
}

function isReserved({ tokenType }: IToken): boolean {
  return t.reservedWords.includes(tokenType);
}

/** Whether what follows a word makes it a name: `for = …`, `in[0] = …`. */
function isName(next: IToken | undefined): boolean {
  return next?.tokenType === t.Equals || next?.tokenType === t.LeftSquare;
}

function isWord({ tokenType }: IToken): boolean {
  return tokenType === t.Identifier || tokenType.CATEGORIES?.includes(t.Identifier) === true;
}

/** A name where a statement begins, but none of the statements goes on like this. */
function startsDefinition({ name, token, context }: IRecognitionException): boolean {
  return name === "NoViableAltException" && context.ruleStack.at(-1) === "statement" && isWord(token);
}

/** The one token that would have fitted, where there is only one. */
function wantedOf({ name, message }: IRecognitionException): string | undefined {
  if (name !== "MismatchedTokenException") return undefined;
  const wanted = /^Expecting (?:token of type )?--> (.+?) <--/.exec(message)?.[1];
  if (wanted === "Identifier") return "a name";
  return wanted === "Text" ? 'a text in "quotes"' : wanted?.replaceAll("'", "");
}

function expectation(error: IRecognitionException, tokens: readonly IToken[]): string {
  const { token, context, name } = error;
  const rule = context.ruleStack.at(-1) ?? "";
  const previous = tokens[tokens.indexOf(token) - 1];
  if (name === "NotAllInputParsedException") {
    return token.tokenType === t.RightCurly ? "a declaration" : "the end of the declaration";
  }
  if (previous?.tokenType === t.DocComment) return "what this documentation is about";
  if (rule === "body") {
    const newLine = token.startLine !== previous?.startLine;
    return newLine
      ? "a definition (name = …), input, param, output, require or }"
      : "the end of the statement";
  }
  const wanted = wantedOf(error);
  if (wanted !== undefined) return ruleExpectations[`${rule} ${wanted}`] ?? wanted;
  return ruleExpectations[rule] ?? "something that fits here";
}

const arithmetic: readonly TokenType[] = [t.Plus, t.Minus, t.Times, t.Divide, t.Percent];

/** Whether an arrow stands before a token in its line. */
function hasArrow(tokens: readonly IToken[], token: IToken): boolean {
  const before = tokens.slice(0, tokens.indexOf(token));
  return before.some(({ tokenType, startLine }) => tokenType === t.Arrow && startLine === token.startLine);
}

const comparisons: readonly TokenType[] = [
  t.EqualEqual,
  t.NotEqual,
  t.Less,
  t.LessEqual,
  t.Greater,
  t.GreaterEqual,
];

function helpFor(
  error: IRecognitionException,
  previous: IToken | undefined,
  tokens: readonly IToken[],
): string | undefined {
  const { token, name } = error;
  const type = token.tokenType;
  const rule = error.context.ruleStack.at(-1) ?? "";
  const wanted = wantedOf(error);
  if (name === "NotAllInputParsedException" && type === t.RightCurly) return "this } closes nothing";
  const lineStart = tokens.find(({ startLine }) => startLine === previous?.startLine);
  if (lineStart?.tokenType === t.Ignore) {
    if (rule === "mapping") return 'what is ignored stands in quotes: ignore "decoder.{rest*}"';
    if (type === t.Equals) return "what is ignored gets no other name: leave out = and what follows";
  }
  if (rule === "body" && arithmetic.includes(type) && hasArrow(tokens, token)) {
    return `an arrow reaches to the end: write (… -> …) ${token.image} …, in parentheses`;
  }
  if (type === t.Times && previous?.tokenType === t.Times) return "there are no powers: write 2 * 2 * 2";
  if (isUnfinishedBefore(error, tokens)) {
    return wanted === "else" ? "every if has a value for both cases: if … then … else …" : undefined;
  }
  if (type === t.Equals && rule === "suffix")
    return `arguments are named with a colon: ${previous?.image}: …`;
  if (type === t.Equals && wanted !== ":")
    return "compare with ==; = defines a name, once, at the start of a line";
  if (type === t.Range) return "a range stands after for … in: for i in 1..depth";
  if (type === t.RangeBelow)
    return "a range stands after for … in, or in a slice: for i in 0..<4, x[c: 0..<4]";
  if (wanted === "]" && previousAre(tokens, token, t.LeftSquare, t.Identifier)) {
    return `a slice has a colon after its axis: [${previous?.image}: …]`;
  }
  if (type === t.For && rule === "body") {
    return "there are no loops: name[i] = … for i in 1..3 defines a member for every i";
  }
  if (comparisons.includes(type)) return "comparisons do not chain: write a < b and b < c";
  return undefined;
}

/** Whether tokens of these types stand before a token. */
function previousAre(tokens: readonly IToken[], token: IToken, ...types: readonly TokenType[]): boolean {
  const end = tokens.indexOf(token);
  return types.every((type, index) => tokens[end - types.length + index]?.tokenType === type);
}
