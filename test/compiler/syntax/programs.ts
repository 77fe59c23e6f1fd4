import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { Declaration } from "../../../src/compiler/syntax/ast.js";

const root = new URL("../../../", import.meta.url);

/** The repository's own Slab files, by their paths. */
export const repositoryFiles: readonly { readonly path: string; readonly text: string }[] = [
  ...[...readdirSync(new URL("examples", root)).map((name) => `examples/${name}`), "std"].flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith(".slab"))
      .map((name) => `${folder}/${name}`),
  ),
].map((path) => ({ path, text: readFileSync(new URL(path, root), "utf8") }));

/** Declarations as text without their places, to compare meanings. */
export function meaningOf(declarations: readonly Declaration[]): string {
  return JSON.stringify(declarations, (key, value) => (key === "span" ? undefined : value), 1);
}

type Words = readonly string[];
const words = (...parts: (string | Words)[]): string[] => parts.flat();

const name = fc.constantFrom("a", "b", "width", "input", "view", "x_1");
const layerName = fc.constantFrom("Conv", "Shift", "Block");
const literal = fc.constantFrom(
  "0",
  "12",
  "1.5",
  "2e3",
  "1x3x3",
  "true",
  '"text {a + 1} {{"',
  '"a longer text, \\"quoted\\""',
);

const separated = (items: readonly Words[], separator = ","): string[] =>
  items.flatMap((item, index) => (index === 0 ? [...item] : [separator, ...item]));

const { expression, flat } = fc.letrec<{
  expression: Words;
  flat: Words;
  slice: Words;
  group: Words;
  value: Words;
  argument: Words;
  stage: Words;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: "value" },
    fc.oneof(name, literal).map((word) => [word]),
    fc.tuple(name, tie("flat")).map(([head, index]) => words(head, "[", index, "]")),
    fc.tuple(name, name).map(([head, member]) => words(head, ".", member)),
    fc
      .tuple(name, fc.array(tie("slice"), { minLength: 1, maxLength: 3 }))
      .map(([head, slices]) => words(head, "[", separated(slices), "]")),
    fc
      .tuple(layerName, fc.array(tie("argument"), { maxLength: 4 }))
      .map(([head, list]) => words(head, "(", separated(list), ")")),
    tie("expression").map((inner) => words("(", inner, ")")),
    fc.array(tie("expression"), { maxLength: 4 }).map((list) => words("[", separated(list), "]")),
    fc
      .tuple(tie("expression"), name, tie("flat"), tie("flat"))
      .map(([element, variable, from, to]) =>
        words("[", element, "for", variable, "in", from, "..", to, "]"),
      ),
    fc
      .tuple(tie("flat"), tie("expression"), tie("expression"))
      .map(([condition, yes, no]) => words("(", "if", condition, "then", yes, "else", no, ")")),
  ),
  slice: fc
    .tuple(
      name,
      tie("flat"),
      tie("flat"),
      fc.constantFrom<(first: Words, last: Words) => string[]>(
        (first) => [...first],
        (first) => words(first, ".."),
        (first, last) => words(first, "..", last),
        (first, last) => words(first, "..<", last),
        (_, last) => words("..", last),
        (_, last) => words("..<", last),
      ),
    )
    .map(([axis, first, last, form]) => words(axis, ":", form(first, last))),
  group: fc
    .tuple(name, fc.array(fc.tuple(fc.option(name), tie("flat")), { minLength: 1, maxLength: 3 }))
    .map(([label, elements]) => {
      const list = elements.map(([part, size]) => (part === null ? [...size] : words(part, ":", size)));
      return words(label, ":", "(", separated([["a_first_part"], ...list]), ")");
    }),
  argument: fc.oneof(
    fc
      .tuple(fc.option(name), tie("expression"))
      .map(([label, value]) => (label === null ? [...value] : words(label, ":", value))),
    tie("group"),
  ),
  flat: fc
    .tuple(
      tie("value"),
      fc.array(
        fc.tuple(
          fc.constantFrom("+", "-", "*", "/", "%", "and", "or"),
          fc.constantFrom("", "-"),
          tie("value"),
        ),
        {
          maxLength: 2,
        },
      ),
    )
    .map(([head, rest]) =>
      words(head, ...rest.map(([operator, sign, value]) => words(operator, sign ? [sign] : [], value))),
    ),
  stage: fc.oneof(
    layerName.map((word) => [word]),
    fc.tuple(name, tie("argument")).map(([label, argument]) => words(label, ":", "Conv", "(", argument, ")")),
    name.map((word) => words("undo", word)),
  ),
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: "value" },
    tie("flat"),
    fc
      .tuple(tie("flat"), fc.array(tie("stage"), { minLength: 1, maxLength: 5 }))
      .map(([source, stages]) => words(source, ...stages.map((stage) => words("->", stage)))),
    fc
      .tuple(tie("flat"), tie("expression"), tie("expression"))
      .map(([condition, yes, no]) => words("if", condition, "then", yes, "else", no)),
  ),
}));

const statement: fc.Arbitrary<Words> = fc.oneof(
  fc.tuple(name, expression).map(([target, value]) => words(target, "=", value)),
  fc
    .tuple(name, expression, flat)
    .map(([target, value, last]) =>
      words(target, "[", "i", "]", "=", value, "for", "i", "in", "1", "..", last),
    ),
  fc.tuple(flat, literal).map(([condition]) => words("require", condition, ",", '"a message about {a}"')),
  expression.map((value) => words("output", value)),
  fc.tuple(name, expression).map(([target, value]) => words("output", target, "=", value)),
  fc
    .tuple(name, expression, expression)
    .map(([target, value, list]) =>
      words("output", target, "[", "i", "]", "=", value, "for", "i", "in", "(", list, ")"),
    ),
  fc
    .tuple(name, fc.option(flat), fc.constantFrom("", "zeros", "normal ( 0.02 )"))
    .map(([target, size, init]) =>
      words(["param", target, ":", "float", "["], size ? words("c", ":", size, ",") : [], [
        "k",
        "]",
        ...(init ? ["init", ...init.split(" ")] : []),
      ]),
    ),
  fc.constant(words("input", "volume", ":", "float", "[", "n", ",", "c", ":", "1", ",", "x", "]")),
);

const parameter = fc
  .tuple(fc.boolean(), name, fc.constantFrom<Words>(["int"], ["[", "int", "]"]), fc.option(expression))
  .map(([documented, target, type, value]) =>
    words(documented ? ["/// why\n"] : [], target, ":", type, value ? words("=", value) : []),
  );
const parameters = fc.array(parameter, { maxLength: 3 }).map((list) => words("(", separated(list), ")"));

const rule = fc
  .tuple(
    fc.array(
      fc.constantFrom<Words>(["enc"], ["{", "i", "}"], ["{", "i", "*", "}"], ["conv", "{", "k", "}"], ["3"]),
      { minLength: 1, maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(([path, ignored]) =>
    ignored ? words("ignore", '"x.{i*}"') : words(separated(path, "."), "=", '"target.{i}"'),
  );

const property = fc.tuple(fc.constantFrom("modality", "spacing", "labels"), expression, fc.boolean());
const label = fc.tuple(fc.constantFrom("0", "12"), fc.boolean());

/** Properties and blocks of labels, whether they make sense or not. */
const pipelinePart: fc.Arbitrary<Words> = fc.oneof(
  property.map(([head, value, unit]) => words(head, ":", value, ...(unit ? ["mm"] : []))),
  fc
    .array(label, { maxLength: 3 })
    .map((labels) =>
      words(
        "labels",
        "{",
        ...labels.map(([number, coloured]) => words(number, ":", '"a"', ...(coloured ? ['"#00ff00"'] : []))),
        "}",
      ),
    ),
);

/** Each declaration as words; the first begins its line, the others may stand anywhere but in the first column. */
const declaration: fc.Arbitrary<Words> = fc.oneof(
  expression.map((value) => words("const", "a", "=", value)),
  fc.tuple(parameters, expression).map(([list, value]) => words("fn", "f", list, "=", value)),
  fc.constant(words("view", "axial", "{", "s", ":", "z", ",", "h", ":", "y", "}")),
  fc.constant(words("use", "std", ".", "views", "{", "axial", ",", "coronal", "}")),
  fc
    .tuple(parameters, fc.array(statement, { maxLength: 4 }))
    .map(([list, body]) => words("layer", "Block", list, "{", ...body, "}")),
  fc.array(rule, { maxLength: 4 }).map((rules) => words("checkpoint", "a", "for", "B", "{", ...rules, "}")),
  fc
    .array(pipelinePart, { maxLength: 4 })
    .map((parts) => words("pipeline", "a", "for", "B", "(", "n", ":", "3", ")", "{", ...parts, "}")),
);

const blank = fc.oneof(
  { weight: 12, arbitrary: fc.constant(" ") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "   ",
      "\t",
      "\n  ",
      "\n\n\n        ",
      "\r\n ",
      " // why\n  ",
      "\n  // alone\n\n ",
    ),
  },
);

/** Programs that can be read, with blanks, line breaks and comments in unusual places. */
export const program: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(declaration, fc.infiniteStream(blank)).map(([parts, blanks]) => {
      const spaces = blanks[Symbol.iterator]();
      return parts
        .map((word) => (word.endsWith("\n") ? `\n ${word} ` : `${word}${spaces.next().value}`))
        .join("");
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((declarations) => declarations.join("\n"));
