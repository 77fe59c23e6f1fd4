import { createToken, Lexer, type TokenType } from "chevrotain";

/** Names: also the contextual keywords (`view`, `input`, …), which are keywords only where a declaration starts. */
export const Identifier = createToken({ name: "Identifier", pattern: /[A-Za-z_]\w*/ });

const keyword = (word: string, contextual = false) =>
  createToken({
    name: word[0]?.toUpperCase() + word.slice(1),
    pattern: new RegExp(word),
    longer_alt: Identifier,
    label: `'${word}'`,
    ...(contextual ? { categories: [Identifier] } : {}),
  });

const symbol = (name: string, text: string) => createToken({ name, pattern: text, label: `'${text}'` });

export const Use = keyword("use", true);
export const Const = keyword("const", true);
export const Fn = keyword("fn", true);
export const View = keyword("view", true);
export const Layer = keyword("layer", true);
export const Network = keyword("network", true);
export const Checkpoint = keyword("checkpoint", true);
export const Pipeline = keyword("pipeline", true);
export const Input = keyword("input", true);
export const Param = keyword("param", true);
export const Init = keyword("init", true);
export const Shared = keyword("shared", true);
export const Unused = keyword("unused", true);

export const Ignore = keyword("ignore", true);

export const Require = keyword("require");
export const Output = keyword("output");
export const Undo = keyword("undo");
export const If = keyword("if");
export const Then = keyword("then");
export const Else = keyword("else");
export const For = keyword("for");
export const In = keyword("in");
export const And = keyword("and");
export const Or = keyword("or");
export const Not = keyword("not");
export const True = keyword("true");
export const False = keyword("false");

export const SizeLiteral = createToken({ name: "SizeLiteral", pattern: /\d+(?:x\d+)+(?![A-Za-z_])/ });
export const Float = createToken({
  name: "Float",
  pattern: /\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)(?![A-Za-z_])/,
});
export const Integer = createToken({ name: "Integer", pattern: /\d+(?![A-Za-z_])/ });
/** Text in double quotes on one line; `{expression}` inside is replaced by its value, `{{` is a brace. */
export const Text = createToken({ name: "Text", pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/ });

export const Arrow = symbol("Arrow", "->");
export const EqualEqual = symbol("EqualEqual", "==");
export const NotEqual = symbol("NotEqual", "!=");
export const LessEqual = symbol("LessEqual", "<=");
export const GreaterEqual = symbol("GreaterEqual", ">=");
export const Less = symbol("Less", "<");
export const Greater = symbol("Greater", ">");
export const Equals = symbol("Equals", "=");
export const RangeBelow = symbol("RangeBelow", "..<");
export const Range = symbol("Range", "..");
export const Dot = symbol("Dot", ".");
export const Comma = symbol("Comma", ",");
export const Colon = symbol("Colon", ":");
export const Plus = symbol("Plus", "+");
export const Minus = symbol("Minus", "-");
export const Times = symbol("Times", "*");
export const Divide = symbol("Divide", "/");
export const Percent = symbol("Percent", "%");
export const LeftParen = symbol("LeftParen", "(");
export const RightParen = symbol("RightParen", ")");
export const LeftSquare = symbol("LeftSquare", "[");
export const RightSquare = symbol("RightSquare", "]");
export const LeftCurly = symbol("LeftCurly", "{");
export const RightCurly = symbol("RightCurly", "}");

/** `/// text`: documentation of what follows; kept in the tree. */
export const DocComment = createToken({
  name: "DocComment",
  pattern: /\/\/\/[^\n\r]*/,
  label: "a documentation comment",
});
/** `// text`: kept beside the tree, for the formatter. */
export const Comment = createToken({ name: "Comment", pattern: /\/\/[^\n\r]*/, group: "comments" });
const WhiteSpace = createToken({
  name: "WhiteSpace",
  pattern: /[ \t\r\n]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** Words that can never be names. */
export const reservedWords: readonly TokenType[] = [
  Require,
  Output,
  Undo,
  If,
  Then,
  Else,
  For,
  In,
  And,
  Or,
  Not,
  True,
  False,
];

/** Words that begin a declaration at the top of a file. */
export const declarationWords: readonly TokenType[] = [
  Use,
  Const,
  Fn,
  View,
  Layer,
  Network,
  Checkpoint,
  Pipeline,
];

/** All tokens in the order in which the lexer tries them. */
export const allTokens: readonly TokenType[] = [
  WhiteSpace,
  DocComment,
  Comment,
  SizeLiteral,
  Float,
  Integer,
  Text,
  ...declarationWords,
  Input,
  Param,
  Init,
  Shared,
  Unused,
  Ignore,
  ...reservedWords,
  Identifier,
  Arrow,
  EqualEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equals,
  RangeBelow,
  Range,
  Dot,
  Comma,
  Colon,
  Plus,
  Minus,
  Times,
  Divide,
  Percent,
  LeftParen,
  RightParen,
  LeftSquare,
  RightSquare,
  LeftCurly,
  RightCurly,
];

/** Splits a text into tokens; offsets are UTF-16 units from 0. */
export const slabLexer = new Lexer([...allTokens], { ensureOptimizations: false, positionTracking: "full" });
