/** The words that an editor colours. */
export interface ColouredWords {
  /** Words that begin a declaration. */
  readonly declarations: readonly string[];
  /** Words inside values and statements. */
  readonly keywords: readonly string[];
  /** Word operators. */
  readonly operators: readonly string[];
  readonly constants: readonly string[];
  readonly types: readonly string[];
  /** Lower-case functions of the language. */
  readonly functions: readonly string[];
}

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly endCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Rule[];
  readonly include?: string;
}

const oneOf = (words: readonly string[]) => `\\b(?:${words.join("|")})\\b`;

/** A TextMate grammar, as VS Code, GitHub and many other editors read it. */
export function textMateGrammar(words: ColouredWords): object {
  const repository: Readonly<Record<string, Rule>> = {
    comments: {
      patterns: [
        { name: "comment.line.documentation.slab", match: "///.*$" },
        { name: "comment.line.double-slash.slab", match: "//.*$" },
      ],
    },
    text: {
      name: "string.quoted.double.slab",
      begin: '"',
      end: '"|$',
      patterns: [
        { name: "constant.character.escape.slab", match: "\\\\.|\\{\\{" },
        {
          name: "meta.interpolation.slab",
          begin: "\\{",
          end: '\\}|(?=")',
          beginCaptures: { 0: { name: "punctuation.section.interpolation.begin.slab" } },
          endCaptures: { 0: { name: "punctuation.section.interpolation.end.slab" } },
          patterns: [{ include: "#values" }],
        },
      ],
    },
    declarations: {
      match: `^(${words.declarations.join("|")})\\b(?:\\s+([A-Za-z_]\\w*))?`,
      captures: { 1: { name: "keyword.declaration.slab" }, 2: { name: "entity.name.type.slab" } },
    },
    inputs: {
      match: "^\\s*(input|param)\\s+([A-Za-z_]\\w*)(?=\\s*:)",
      captures: { 1: { name: "keyword.declaration.slab" }, 2: { name: "variable.other.definition.slab" } },
    },
    ignored: {
      match: '^\\s*(ignore)(?=\\s*")',
      captures: { 1: { name: "keyword.declaration.slab" } },
    },
    definitions: {
      match: "^\\s*(?:(shared|unused)\\s+)?([A-Za-z_]\\w*)(?=\\s*(?:\\[[^\\]]*\\])?\\s*=(?!=))",
      captures: { 1: { name: "keyword.declaration.slab" }, 2: { name: "variable.other.definition.slab" } },
    },
    values: {
      patterns: [
        { name: "keyword.control.slab", match: oneOf(words.keywords) },
        { name: "keyword.operator.word.slab", match: oneOf(words.operators) },
        { name: "constant.language.slab", match: oneOf(words.constants) },
        { name: "storage.type.slab", match: oneOf(words.types) },
        { name: "constant.numeric.size.slab", match: "\\b\\d+(?:x\\d+)+\\b" },
        { name: "constant.numeric.slab", match: "\\b\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\b" },
        { name: "support.function.slab", match: `${oneOf(words.functions)}(?=\\s*\\()` },
        { name: "entity.name.type.slab", match: "\\b[A-Z]\\w*\\b" },
        { name: "variable.parameter.slab", match: "\\b[a-z_]\\w*(?=\\s*:)" },
        { name: "keyword.operator.arrow.slab", match: "->" },
        { match: "\\]\\s+(init)(?=\\s+[a-z])", captures: { 1: { name: "keyword.control.slab" } } },
        { name: "keyword.operator.slab", match: "\\.\\.<?|==|!=|<=|>=|[-+*/%<>=]" },
      ],
    },
  };
  return {
    $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
    comment: "Generated from tokens.ts by npm run generate. Do not edit.",
    name: "Slab",
    scopeName: "source.slab",
    fileTypes: ["slab"],
    patterns: ["comments", "text", "declarations", "inputs", "ignored", "definitions", "values"].map(
      (part) => ({
        include: `#${part}`,
      }),
    ),
    repository,
  };
}
