import { generateCstDts, type TokenType } from "chevrotain";
import { slabParser } from "../../grammar/parser.js";
import * as t from "../../grammar/tokens.js";
import { describeModules } from "../compiler/documentation/library.js";
import { builtins } from "../compiler/elaborate/functions.js";
import { parameterTypes } from "../compiler/elaborate/types.js";
import { documentOperations } from "../compiler/ops/document.js";
import { namedOperations, operations } from "../compiler/ops/index.js";
import { standardLibraryPage } from "../reports/docs/markdown.js";
import { commandReference } from "./command-reference.js";
import { grammarAsEbnf } from "./ebnf.js";
import { generatedPictures } from "./generated-pictures.js";
import { createHost } from "./host.js";
import { textMateGrammar } from "./text-mate.js";

/** A file that is derived from the sources and kept beside them. */
export interface GeneratedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every generated file as it should be. `npm run generate` writes them; the tests compare. */
export function generatedFiles(): readonly GeneratedFile[] {
  const types = generateCstDts(slabParser.getGAstProductions());
  return [
    {
      path: "grammar/cst.generated.ts",
      text: `// Generated from parser.ts by npm run generate. Do not edit.\n${types}`,
    },
    { path: "grammar/slab.generated.ebnf", text: `${ebnfHeader}\n${ebnf()}` },
    { path: "grammar/slab.tmLanguage.json", text: `${JSON.stringify(textMate(), null, 2)}\n` },
    {
      path: "docs/ops.md",
      text: `<!-- Generated from src/compiler/ops by npm run generate. Do not edit. -->\n\n${documentOperations(operations, namedOperations)}`,
    },
    ...generatedPictures(),
    {
      path: "docs/commands.md",
      text: `<!-- Generated from src/cli/program.ts by npm run generate. Do not edit. -->\n\n${commandReference()}`,
    },
    {
      path: "docs/std.md",
      text: `<!-- Generated from std by npm run generate. Do not edit. -->\n\n${standardLibraryPage(describeModules(createHost("network.slab")))}`,
    },
  ];
}

const contextual = t.allTokens.filter(({ CATEGORIES }) => CATEGORIES?.includes(t.Identifier)).map(patternOf);

const ebnfHeader = `/* Generated from parser.ts and tokens.ts by npm run generate. Do not edit.
   Blanks and comments (// to the end of the line) may stand between tokens. A declaration begins in the first column.
   Also Identifiers, wherever a name may stand: ${contextual.join(", ")}. */
`;

function ebnf(): string {
  const named = [t.Identifier, t.Integer, t.Float, t.SizeLiteral, t.Text, t.DocComment];
  return grammarAsEbnf(
    slabParser.getSerializedGastProductions(),
    named.map((token) => ({ name: token.name, pattern: patternOf(token) })),
  );
}

function textMate(): object {
  const operators = [t.And, t.Or, t.Not];
  const constants = [t.True, t.False];
  const others = t.reservedWords.filter((word) => ![...operators, ...constants].includes(word));
  return textMateGrammar({
    declarations: t.declarationWords.map(patternOf),
    keywords: others.map(patternOf),
    operators: operators.map(patternOf),
    constants: constants.map(patternOf),
    types: Object.keys(parameterTypes),
    functions: [
      ...builtins,
      ...namedOperations.map(({ name }) => name).filter((name) => /^[a-z]/.test(name)),
    ],
  });
}

function patternOf({ PATTERN }: TokenType): string {
  return PATTERN instanceof RegExp ? PATTERN.source : String(PATTERN);
}
