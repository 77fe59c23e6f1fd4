import type { IRecognitionException, IToken } from "chevrotain";
import type { DeclarationCstNode, ExpressionCstNode } from "../../../grammar/cst.generated.js";
import { slabParser } from "../../../grammar/parser.js";
import * as t from "../../../grammar/tokens.js";
import * as messages from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose, fail, SlabFailure } from "../diagnostics/diagnostic.js";
import { known } from "../support/invariant.js";
import type { SourceFile } from "../support/source.js";
import { suggestions } from "../support/suggest.js";
import type { Declaration, Expression, Module } from "./ast.js";
import { AstBuilder } from "./build.js";
import { explainMismatch } from "./explain.js";

/** More mistakes than this in one declaration say nothing new. */
const maximumErrorsPerDeclaration = 10;

/** The result of parsing: what could be read, and what is wrong with the rest. */
export interface ParseResult {
  readonly module: Module;
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file. Every declaration is parsed on its own, and a statement with a mistake is set aside before the rest of
 * its declaration is read again: so each mistake gives one message and none hides another.
 */
export function parse(file: SourceFile): ParseResult {
  const { tokens, comments, diagnostics } = tokenize(file);
  const declarations: Declaration[] = [];
  const { groups, stray } = splitDeclarations(tokens);
  for (const token of stray) {
    diagnostics.push(
      diagnose(
        messages.strayText,
        {
          found: token.image,
          ...suggestionFor(
            token.image,
            t.declarationWords.map((word) => String(word.PATTERN).slice(1, -1)),
          ),
        },
        { span: spanOf(file, token) },
      ),
    );
  }
  for (const group of groups) {
    const declaration = parseDeclaration(file, group, diagnostics);
    if (declaration) declarations.push(declaration);
  }
  if (tokens.length === 0 && diagnostics.length === 0) {
    diagnostics.push(diagnose(messages.emptyFile, {}, { path: file.path }));
  }
  return { module: { file, declarations }, comments, diagnostics };
}

/** Reads a setting, `classes=14` or `width=[8, 16]`, as `--set` takes it. Fails with a diagnostic. */
export function parseSetting(text: string): { readonly name: string; readonly value: Expression } {
  const file = { path: "--set", text };
  const match = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(text);
  if (!match) fail(messages.malformedSetting, { found: text }, { path: file.path });
  const lead = match[0].length;
  return { name: match[1] as string, value: parseExpressionIn(file, " ".repeat(lead) + text.slice(lead)) };
}

function expressionFromTokens(file: SourceFile, tokens: readonly IToken[]): Expression {
  slabParser.input = [...tokens];
  const node = slabParser.expression() as ExpressionCstNode;
  const error = slabParser.errors[0];
  if (error) throw new SlabFailure([explainMismatch(file, error, tokens)]);
  return builderFor(file).expression(node);
}

function builderFor(file: SourceFile): AstBuilder {
  return new AstBuilder(file, (start, end) => {
    // Blanks keep the offsets right, so that messages point into the text literal.
    const lead = file.text.slice(0, start).replace(/[^\n\r]/g, " ");
    return parseExpressionIn(file, lead + file.text.slice(start, end));
  });
}

function parseExpressionIn(file: SourceFile, text: string): Expression {
  const { tokens, diagnostics } = tokenize({ path: file.path, text });
  if (diagnostics.length > 0) throw new SlabFailure(diagnostics);
  return expressionFromTokens(file, tokens);
}

function tokenize(file: SourceFile): { tokens: IToken[]; comments: IToken[]; diagnostics: Diagnostic[] } {
  const lexed = t.slabLexer.tokenize(file.text);
  const diagnostics = lexed.errors.map(({ offset, length }) => {
    const found = file.text.slice(offset, offset + length);
    const place = { span: { file, start: offset, end: offset + length } };
    if (found.startsWith('"')) {
      const line = file.text.slice(offset).split(/[\r\n]/, 1)[0] as string;
      return diagnose(messages.unclosedText, {}, { span: { file, start: offset, end: offset + line.length } });
    }
    if (/^\d/.test(found)) {
      const word = /^\w+/.exec(file.text.slice(offset))?.[0] ?? found;
      const help = /^\d+x/.test(word) ? "a size is written 1x3x3, with numbers only" : undefined;
      const end = offset + word.length;
      return diagnose(
        messages.malformedNumber,
        { found: word, ...(help ? { help } : {}) },
        { span: { file, start: offset, end } },
      );
    }
    const help = characterHelp[found[0] as string];
    return diagnose(messages.unexpectedCharacter, { character: found, ...(help ? { help } : {}) }, place);
  });
  for (const token of lexed.tokens) {
    if (token.tokenType === t.Integer && !Number.isSafeInteger(Number(token.image))) {
      diagnostics.push(
        diagnose(messages.numberTooLarge, { found: token.image }, { span: spanOf(file, token) }),
      );
    }
  }
  return { tokens: lexed.tokens, comments: lexed.groups.comments ?? [], diagnostics };
}

const characterHelp: Readonly<Record<string, string>> = {
  "#": "a comment begins with //",
  "'": 'text is written in double quotes: "relu"',
  ";": "a line break or the next name ends a definition; no semicolon is needed",
  "×": "write a size with the letter x: 1x3x3",
  "→": "write the arrow as ->",
  "&": "write and",
  "|": "write or",
  "!": "write not",
};

const closingBrackets: readonly unknown[] = [t.RightCurly, t.RightParen, t.RightSquare];

/** A declaration begins with its word at the start of a line, together with the documentation above it. */
function splitDeclarations(tokens: readonly IToken[]): { groups: IToken[][]; stray: IToken[] } {
  const groups: IToken[][] = [];
  const stray: IToken[] = [];
  let documentation: IToken[] = [];
  let strayLine = -1;
  for (const token of tokens) {
    const atLineStart = token.startColumn === 1;
    if (atLineStart && token.tokenType === t.DocComment) {
      documentation.push(token);
    } else if (atLineStart && (t.declarationWords as readonly unknown[]).includes(token.tokenType)) {
      groups.push([...documentation, token]);
      documentation = [];
    } else if (groups.length === 0 || (atLineStart && !closingBrackets.includes(token.tokenType))) {
      if (token.startLine !== strayLine) stray.push(token);
      strayLine = known(token.startLine, "a line");
      documentation = [];
    } else if (token.startLine !== strayLine) {
      groups.at(-1)?.push(...documentation, token);
      documentation = [];
    }
  }
  return { groups, stray };
}

function parseDeclaration(file: SourceFile, group: readonly IToken[], diagnostics: Diagnostic[]): Declaration | undefined {
  const unclosed = unclosedBlockOf(file, group);
  if (unclosed) {
    diagnostics.push(unclosed);
    return undefined;
  }
  let tokens = [...group];
  for (let attempt = 0; attempt < maximumErrorsPerDeclaration; attempt++) {
    slabParser.input = tokens;
    const node = slabParser.declaration() as DeclarationCstNode;
    const error = slabParser.errors[0];
    if (!error) {
      try {
        const declaration = builderFor(file).declaration(node);
        return attempt === 0 ? declaration : undefined;
      } catch (failure) {
        if (!(failure instanceof SlabFailure)) throw failure;
        diagnostics.push(...failure.diagnostics);
        return undefined;
      }
    }
    diagnostics.push(explainMismatch(file, error, tokens));
    const remaining = withoutStatementOf(error, tokens);
    if (!remaining) return undefined;
    tokens = remaining;
  }
  return undefined;
}

/** The tokens without the statement in which the parser stopped, or undefined where that is the declaration itself. */
function withoutStatementOf(error: IRecognitionException, tokens: readonly IToken[]): IToken[] | undefined {
  const open = tokens.findIndex(({ tokenType }) => tokenType === t.LeftCurly);
  const place = tokens.indexOf(error.token);
  const at = place < 0 ? tokens.length - 1 : place;
  if (open < 0 || at <= open) return undefined;
  let start = at;
  while (start > open && !(beginsLine(tokens, start) && beginsStatement(tokens, start))) start--;
  if (start === open) return undefined;
  let end = at + 1;
  while (end < tokens.length - 1 && !(beginsLine(tokens, end) && beginsStatement(tokens, end))) end++;
  return end > tokens.length - 1 ? undefined : [...tokens.slice(0, start), ...tokens.slice(end)];
}

function beginsLine(tokens: readonly IToken[], index: number): boolean {
  return tokens[index]?.startLine !== tokens[index - 1]?.startLine;
}

function beginsStatement(tokens: readonly IToken[], index: number): boolean {
  const type = tokens[index]?.tokenType;
  if (type === t.Output || type === t.Require || type === t.DocComment) return true;
  if (type === t.Input && tokens[index + 1]?.tokenType === t.Identifier) return true;
  if (type !== t.Identifier && !type?.CATEGORIES?.includes(t.Identifier)) return false;
  const next = tokens[index + 1]?.tokenType;
  return next === t.Equals || next === t.LeftSquare || next === t.Dot || next === t.LeftCurly;
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

function spanOf(file: SourceFile, token: IToken) {
  return { file, start: token.startOffset, end: token.startOffset + token.image.length };
}

function suggestionFor(word: string, candidates: readonly string[]): { suggestion?: string } {
  const suggestion = suggestions(word, candidates)[0];
  return suggestion ? { suggestion } : {};
}
