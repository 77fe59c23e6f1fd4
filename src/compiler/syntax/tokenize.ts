import type { ILexingError, IToken } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import * as messages from "../diagnostics/catalogue/syntax.js";
import { type Diagnostic, diagnose } from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../support/source.js";

/** The tokens of a text, and what is wrong with its characters. */
export interface Tokens {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
  /** Lines that miss a token because of a mistake: what the parser says about them would be said twice. */
  readonly brokenLines: ReadonlySet<number>;
}

/** The tokens of an offset range of a file; their offsets count from the file's start. */
export function tokenize(file: SourceFile, start = 0, end = file.text.length): Tokens {
  const lexed = t.slabLexer.tokenize(file.text.slice(start, end));
  const comments = lexed.groups.comments ?? [];
  for (const token of [...lexed.tokens, ...comments]) {
    token.startOffset += start;
    if (token.endOffset !== undefined) token.endOffset += start;
  }
  const mistakes = lexed.errors.map((error) => explainCharacters(file, start, error));
  mistakes.push(...misspeltArrows(file, lexed.tokens));
  const diagnostics: Diagnostic[] = [];
  const brokenLines = new Set<number>();
  const said = new Set<string>();
  for (const { diagnostic, line, character } of mistakes) {
    brokenLines.add(line);
    const key = `${line} ${character}`;
    if (!said.has(key)) diagnostics.push(diagnostic);
    said.add(key);
  }
  const tokens = withoutRanges(
    lexed.tokens,
    mistakes.map(({ dropped }) => dropped),
  );
  diagnostics.push(...tokens.flatMap((token) => numberTooLarge(file, token)));
  return { tokens, comments, diagnostics, brokenLines };
}

interface Mistake {
  readonly diagnostic: Diagnostic;
  readonly line: number;
  /** What is wrong: said once for each line. */
  readonly character: string;
  /** The text that is not read. */
  readonly dropped: Span;
}

/** Explains characters that begin no token: an unclosed text, a number that runs into a name, another language's sign. */
function explainCharacters(
  file: SourceFile,
  origin: number,
  { offset, length, line = 1 }: ILexingError,
): Mistake {
  const at = origin + offset;
  const found = file.text.slice(at, at + length);
  const rest = /^[^\r\n]*/.exec(file.text.slice(at, at + longestQuote))?.[0] ?? found;
  const span = { file, start: at, end: at + length };
  if (found.startsWith('"')) {
    const whole = { ...span, end: at + rest.length };
    return {
      diagnostic: diagnose(messages.unclosedText, {}, { span: whole }),
      line,
      character: '"',
      dropped: whole,
    };
  }
  if (/^\d/.test(found)) {
    // The lexer may have read the first digits as a number of their own.
    const before = /[\w.]*$/.exec(file.text.slice(Math.max(origin, at - longestQuote), at))?.[0] ?? "";
    const word = before + (/^\w+/.exec(rest)?.[0] ?? found);
    const whole = { file, start: at - before.length, end: at - before.length + word.length };
    const help = /^\d+x/.test(word) ? { help: "a size is written 1x3x3, with numbers only" } : {};
    const diagnostic = diagnose(messages.malformedNumber, { found: word, ...help }, { span: whole });
    return { diagnostic, line, character: word, dropped: whole };
  }
  const character = Array.from(found)[0] ?? found;
  const help = /^[\p{White_Space}\p{Cf}]$/u.test(character)
    ? `this is an invisible character, ${codePoint(character)}: write a space, or nothing`
    : characterHelp[character];
  const place = { span: { ...span, end: at + character.length } };
  const diagnostic = diagnose(messages.unexpectedCharacter, { character, ...(help ? { help } : {}) }, place);
  // After # stands what was meant as a comment.
  const dropped = character === "#" ? { ...span, end: at + rest.length } : span;
  return { diagnostic, line, character, dropped };
}

/** `U+00A0` */
function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Characters of a line that a message may need. */
const longestQuote = 1000;

const arrowHelp = "write the arrow as ->";

const straightQuotes = 'write straight quotes: "relu"';

const characterHelp: Readonly<Record<string, string>> = {
  "#": "a comment begins with //",
  "'": 'text is written in double quotes: "relu"',
  ";": "a line break or the next name ends a definition; no semicolon is needed",
  "×": "write a size with the letter x: 1x3x3",
  "→": arrowHelp,
  "−": "write minus as -, the key beside 0",
  "–": "write minus as -, the key beside 0",
  "“": straightQuotes,
  "”": straightQuotes,
  "„": straightQuotes,
  "^": "there are no powers: write 2 * 2 * 2",
  "&": "write and",
  "|": "write or",
  "!": "write not",
  "?": "write if … then … else …",
};

function misspeltArrows(file: SourceFile, tokens: readonly IToken[]): Mistake[] {
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    const adjacent = next?.startOffset === token.startOffset + 1;
    if (token.tokenType !== t.Equals || next?.tokenType !== t.Greater || !adjacent) return [];
    const span = { file, start: token.startOffset, end: token.startOffset + 2 };
    const diagnostic = diagnose(messages.unexpectedToken, { found: "=>", expected: "->" }, { span });
    return [{ diagnostic, line: token.startLine ?? 1, character: "=>", dropped: span }];
  });
}

function withoutRanges(tokens: readonly IToken[], ranges: readonly Span[]): readonly IToken[] {
  if (ranges.length === 0) return tokens;
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  let next = 0;
  return tokens.filter(({ startOffset }) => {
    while ((sorted[next]?.end ?? Number.POSITIVE_INFINITY) <= startOffset) next += 1;
    return (sorted[next]?.start ?? Number.POSITIVE_INFINITY) > startOffset;
  });
}

function numberTooLarge(file: SourceFile, { tokenType, image, startOffset }: IToken): Diagnostic[] {
  const place = { span: { file, start: startOffset, end: startOffset + image.length } };
  const largest = Number.MAX_SAFE_INTEGER;
  if (tokenType === t.Integer || tokenType === t.SizeLiteral) {
    const found = image.split("x").find((part) => !Number.isSafeInteger(Number(part)));
    return found === undefined ? [] : [diagnose(messages.numberTooLarge, { found, largest }, place)];
  }
  const infinite = tokenType === t.Float && !Number.isFinite(Number(image));
  return infinite
    ? [diagnose(messages.numberTooLarge, { found: image, largest: Number.MAX_VALUE }, place)]
    : [];
}
