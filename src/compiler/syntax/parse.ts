import type { IToken, TokenType } from "chevrotain";
import type { DeclarationCstNode, ExpressionCstNode } from "../../../grammar/cst.generated.js";
import { slabParser } from "../../../grammar/parser.js";
import * as t from "../../../grammar/tokens.js";
import * as messages from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import { positionOf, type SourceFile } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Declaration, Expression, Module } from "./ast.js";
import { AstBuilder } from "./build.js";
import { explainMismatch } from "./explain.js";
import { excessOf } from "./limits.js";
import { withoutStatementOf } from "./recover.js";
import { tokenize } from "./tokenize.js";

/** More mistakes than this in one declaration say nothing new. */
const maximumErrorsPerDeclaration = 10;
/** More mistakes than this in one file are counted, not listed. */
const maximumErrorsPerFile = 100;

/** The result of parsing: what could be read, and what is wrong with the rest. */
export interface ParseResult {
  readonly module: Module;
  /** All tokens but comments, in order. */
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  /** The concrete syntax of the declarations of `module`, in the same order. */
  readonly concrete: readonly DeclarationCstNode[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file. Every declaration is parsed on its own, and a statement with a mistake is set aside before the rest of
 * its declaration is read again: so each mistake gives one message and none hides another.
 */
export function parse(file: SourceFile): ParseResult {
  const { tokens, comments, brokenLines, ...lexed } = tokenize(file);
  const diagnostics = [...lexed.diagnostics];
  const declarations: Declaration[] = [];
  const concrete: DeclarationCstNode[] = [];
  const { groups, stray } = splitDeclarations(tokens);
  for (const token of stray) {
    const { image } = token;
    const words = t.declarationWords.map((word) => String(word.PATTERN).slice(1, -1));
    const [suggestion] = suggestions(image, words);
    const indented = words.includes(image) ? { help: `begin the line with ${image}, without blanks` } : {};
    const args = { found: image, ...(suggestion ? { suggestion } : {}), ...indented };
    diagnostics.push(diagnose(messages.strayText, args, { span: spanOf(file, token) }));
  }
  for (const group of groups) {
    const parsed = parseDeclaration(file, group, brokenLines, diagnostics);
    if (!parsed) continue;
    declarations.push(parsed.declaration);
    concrete.push(parsed.node);
  }
  if (groups.length === 0 && diagnostics.length === 0) {
    diagnostics.push(diagnose(messages.emptyFile, {}, { path: file.path }));
  }
  return {
    module: { file, declarations },
    tokens,
    comments,
    concrete,
    diagnostics: bounded(file, diagnostics),
  };
}

/** Reads a setting, `classes=14` or `width=[8, 16]`, as `--set` takes it. Fails with a diagnostic. */
export function parseSetting(text: string): { readonly name: string; readonly value: Expression } {
  const file = { path: "--set", text };
  const match = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(text);
  if (!match) fail(messages.malformedSetting, { found: text }, { path: file.path });
  const range = /^\s*-?\d+\s*\.\.\s*-?\d+/.exec(text.slice(match[0].length));
  if (range) {
    const start = match[0].length;
    const span = { file, start, end: start + range[0].length };
    fail(messages.rangeForSetting, { name: match[1] as string }, { span });
  }
  return { name: match[1] as string, value: parseExpressionIn(file, match[0].length, text.length) };
}

/** Reads the expression that an offset range of a file holds. */
function parseExpressionIn(file: SourceFile, start: number, end: number): Expression {
  const { tokens, diagnostics } = tokenize(file, start, end);
  const excess = excessOf(file, tokens);
  if (excess || diagnostics.length > 0) throw new SlabFailure([...diagnostics, ...(excess ? [excess] : [])]);
  slabParser.input = [...tokens];
  const node = slabParser.expression() as ExpressionCstNode;
  const error = slabParser.errors[0];
  if (error) throw new SlabFailure([explainMismatch(file, error, tokens, start)]);
  return builderFor(file).expression(node);
}

function builderFor(file: SourceFile): AstBuilder {
  return new AstBuilder(file, (start, end) => parseExpressionIn(file, start, end));
}

const openingBrackets: readonly TokenType[] = [t.LeftCurly, t.LeftParen, t.LeftSquare];
const closingBrackets: readonly TokenType[] = [t.RightCurly, t.RightParen, t.RightSquare];

/**
 * A declaration begins with its word at the start of a line, together with the documentation above it, and reaches to
 * the next one. Other text at the start of a line belongs to it only inside brackets.
 */
function splitDeclarations(tokens: readonly IToken[]): { groups: IToken[][]; stray: IToken[] } {
  const groups: IToken[][] = [];
  const stray: IToken[] = [];
  let documentation: IToken[] = [];
  let isStray = true;
  let openBrackets = 0;
  for (const token of tokens) {
    const atLineStart = token.startColumn === 1;
    const isStart = atLineStart && t.declarationWords.includes(token.tokenType);
    if (atLineStart && token.tokenType === t.DocComment) {
      documentation.push(token);
    } else if (isStart) {
      groups.push([...documentation, token]);
      documentation = [];
      isStray = false;
      openBrackets = 0;
    } else {
      const begins = atLineStart && openBrackets <= 0 && !closingBrackets.includes(token.tokenType);
      // One line may be misspelt as a declaration; the indented lines below it belong to it.
      if (begins || (stray.length === 0 && groups.length === 0)) {
        if (!isStray || token.startLine !== stray.at(-1)?.startLine) stray.push(token);
        isStray = true;
      } else if (!isStray) {
        groups.at(-1)?.push(...documentation, token);
        if (openingBrackets.includes(token.tokenType)) openBrackets += 1;
        if (closingBrackets.includes(token.tokenType)) openBrackets -= 1;
      }
      documentation = [];
    }
  }
  return { groups, stray };
}

function parseDeclaration(
  file: SourceFile,
  group: readonly IToken[],
  brokenLines: ReadonlySet<number>,
  diagnostics: Diagnostic[],
): { readonly declaration: Declaration; readonly node: DeclarationCstNode } | undefined {
  const unclosed = unclosedBlockOf(file, group);
  if (unclosed) {
    diagnostics.push(unclosed);
    return undefined;
  }
  let tokens: readonly IToken[] = group;
  const misusedWords = new Set<string>();
  for (let attempt = 0; attempt < maximumErrorsPerDeclaration; attempt++) {
    const excess = excessOf(file, tokens);
    if (excess) {
      diagnostics.push(excess);
      return undefined;
    }
    slabParser.input = [...tokens];
    const node = slabParser.declaration() as DeclarationCstNode;
    const error = slabParser.errors[0];
    if (!error) {
      try {
        const declaration = builderFor(file).declaration(node);
        return attempt === 0 ? { declaration, node } : undefined;
      } catch (failure) {
        if (!(failure instanceof SlabFailure)) throw failure;
        diagnostics.push(...failure.diagnostics);
        return undefined;
      }
    }
    const mistake = explainMismatch(file, error, tokens);
    const { startLine = 0, image } = error.token;
    const isKnown = brokenLines.has(startLine) || brokenLines.has(lineOf(mistake)) || misusedWords.has(image);
    if (!isKnown) diagnostics.push(mistake);
    if (mistake.code === messages.reservedName.code) misusedWords.add(image);
    const remaining = withoutStatementOf(error, tokens);
    if (!remaining) return undefined;
    tokens = remaining;
  }
  return undefined;
}

/** A declaration whose outermost block never ends would blame an innocent line; it is reported at its opening brace. */
function unclosedBlockOf(file: SourceFile, group: readonly IToken[]): Diagnostic | undefined {
  const opened: IToken[] = [];
  for (const token of group) {
    if (token.tokenType === t.LeftCurly) opened.push(token);
    if (token.tokenType === t.RightCurly) opened.pop();
  }
  const open = opened[0];
  if (!open) return undefined;
  const words = group.filter(({ tokenType }) => tokenType !== t.DocComment);
  const declaration = `${words[0]?.image} ${words[1]?.image ?? ""}`.trim();
  return diagnose(
    messages.unclosedBlock,
    { declaration, open: "{", close: "}" },
    { span: spanOf(file, open) },
  );
}

function lineOf({ place }: Diagnostic): number {
  return place && "span" in place ? positionOf(place.span.file, place.span.start).line : 0;
}

/** The first diagnostics, and one that says how many more there are. */
function bounded(file: SourceFile, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const more = diagnostics.length - maximumErrorsPerFile;
  if (more <= 0) return diagnostics;
  const rest = diagnose(messages.moreMistakes, { more }, { path: file.path });
  return [...diagnostics.slice(0, maximumErrorsPerFile), rest];
}

function spanOf(file: SourceFile, token: IToken) {
  return { file, start: token.startOffset, end: token.startOffset + token.image.length };
}
