import type { IToken } from "chevrotain";
import { DocComment, LeftParen, RightParen, slabLexer } from "../../../grammar/tokens.js";
import { SlabFailure } from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../support/source.js";
import type {
  Declaration,
  Expression,
  InputStatement,
  ParameterDeclaration,
  Statement,
  UseDeclaration,
} from "../syntax/ast.js";
import { type ParseResult, parse } from "../syntax/parse.js";
import type { Entry, EntryMember, ModuleEntry, Signature } from "./entry.js";

/**
 * What a file's `///` comments and declarations say. The file is read on its own: what it uses need not be there. Fails
 * with the file's diagnostics where it can't be read.
 */
export function describeFile(file: SourceFile, name = file.path): ModuleEntry {
  const result = parse(file);
  if (result.diagnostics.length > 0) throw new SlabFailure(result.diagnostics);
  const documentation = moduleDocumentation(result);
  const entries = result.module.declarations.flatMap((declaration, index) => {
    if (declaration.kind === "use") return [];
    const entry = describeDeclaration(declaration);
    // The block above the first declaration was the file's.
    const isFile = index === 0 && documentation !== "" && entry.documentation === documentation;
    return [isFile ? { ...entry, documentation: "" } : entry];
  });
  return { name, documentation, entries };
}

/** The `///` block at the top of a file, where an empty line parts it from the first declaration. */
function moduleDocumentation({ tokens }: ParseResult): string {
  const block = tokens.slice(
    0,
    tokens.findIndex(({ tokenType, startLine = 0 }, index) => {
      const before = tokens[index - 1];
      return tokenType !== DocComment || (before && startLine > (before.startLine ?? 0) + 1);
    }),
  );
  const next = tokens[block.length];
  if ((next?.startLine ?? 0) <= (block.at(-1)?.startLine ?? 0) + 1) return "";
  return block.map(({ image }) => image.slice(3).trim()).join("\n");
}

function describeDeclaration(declaration: Exclude<Declaration, UseDeclaration>): Entry {
  const { kind, name, documentation } = declaration;
  const parameters = "parameters" in declaration ? declaration.parameters : [];
  const body = "body" in declaration ? declaration.body : [];
  return {
    kind,
    name: name.text,
    signature: signatureOf(declaration),
    documentation,
    parameters: parameters.map(describeParameter),
    inputs: body.flatMap(describeInput),
    outputs: body.flatMap(describeOutput),
  };
}

function signatureOf(declaration: Exclude<Declaration, UseDeclaration>): Signature {
  const { name } = declaration;
  const withParameters = (word: string, parameters: readonly ParameterDeclaration[], tail = "") => ({
    head: `${word} ${name.text}(`,
    parameters: parameters.map(parameterText),
    tail: `)${tail}`,
  });
  const plain = (head: string) => ({ head, parameters: [], tail: "" });
  switch (declaration.kind) {
    case "const":
      return plain(`const ${name.text} = ${sourceOf(declaration.value)}`);
    case "fn":
      return withParameters("fn", declaration.parameters, ` = ${sourceOf(declaration.value)}`);
    case "view":
      return plain(
        `view ${name.text} { ${declaration.roles.map(({ role, axis }) => `${role.text}: ${axis.text}`).join(", ")} }`,
      );
    case "checkpoint":
      return plain(`checkpoint ${name.text} for ${declaration.network.text}`);
    case "pipeline": {
      const given = declaration.settings.map(({ value }) => sourceOf(value));
      const settings = declaration.settings.map(({ name }, index) => `${name?.text ?? ""}: ${given[index]}`);
      const tail = settings.length > 0 ? `(${settings.join(", ")})` : "";
      return plain(`pipeline ${name.text} for ${declaration.network.text}${tail}`);
    }
    default:
      return withParameters(declaration.kind, declaration.parameters);
  }
}

function parameterText({ name, type, default: value }: ParameterDeclaration): string {
  return `${name.text}: ${type.text}${value ? ` = ${sourceOf(value)}` : ""}`;
}

function describeParameter({ name, type, default: value, documentation }: ParameterDeclaration): EntryMember {
  return {
    name: name.text,
    type: type.text,
    ...(value ? { default: sourceOf(value) } : {}),
    documentation,
  };
}

function describeInput(statement: Statement): EntryMember[] {
  if (statement.kind !== "input") return [];
  return [{ name: statement.name.text, type: tensorType(statement), documentation: statement.documentation }];
}

function tensorType({ element, axes }: InputStatement): string {
  const shown = axes.map(({ name, size }) => (size ? `${name.text}: ${sourceOf(size)}` : name.text));
  return `${element.text}[${shown.join(", ")}]`;
}

function describeOutput(statement: Statement): EntryMember[] {
  if (statement.kind !== "output" || !statement.name) return [];
  const name = `${statement.name.text}${statement.index ? `[${sourceOf(statement.index)}]` : ""}`;
  const { generator } = statement;
  const range = generator ? onOneLine(generator.span) : "";
  const { documentation } = statement;
  return [{ name, documentation: [range, documentation].filter((text) => text !== "").join(": ") }];
}

/** As it is written, on one line and without comments. */
function sourceOf({ span }: Expression): string {
  return onOneLine(withParentheses(span));
}

/** The span of `(a + b) * 2` leaves out the parenthesis at its edge, which belongs to no expression. */
function withParentheses(span: Span): Span {
  const { text } = span.file;
  let { start, end } = span;
  let open = 0;
  let missing = 0;
  for (const { tokenType } of slabLexer.tokenize(text.slice(start, end)).tokens) {
    if (tokenType === LeftParen) open++;
    else if (tokenType === RightParen && open > 0) open--;
    else if (tokenType === RightParen) missing++;
  }
  for (; missing > 0; missing--) start = text.lastIndexOf("(", start - 1);
  for (; open > 0; open--) end = text.indexOf(")", end) + 1;
  return { ...span, start, end };
}

function onOneLine({ file, start, end }: Span): string {
  const text = file.text.slice(start, end);
  const { comments = [] } = slabLexer.tokenize(text).groups;
  const kept = comments.reduceRight(
    (rest: string, { startOffset, image }: IToken) =>
      rest.slice(0, startOffset) + rest.slice(startOffset + image.length),
    text,
  );
  return kept.replace(/\s*[\r\n]\s*/g, " ");
}
