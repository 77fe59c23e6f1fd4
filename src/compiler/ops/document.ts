import type { ArgumentSpec, ArgumentType, AxisArgumentSpec, Operation } from "../graph/operation.js";

/** The operations as a Markdown page: what each computes, its arguments and defaults, its cost and its ONNX operator. */
export function documentOperations(operations: readonly Operation[], named: readonly Operation[]): string {
  const isNamed = (operation: Operation) => named.includes(operation);
  const isFunction = ({ inputs }: Operation) => inputs.maximum > 1;
  const sections = [
    {
      title: "Layers",
      text: "Written after an arrow: `input -> Conv(32, 3x3x3)`. A label names the instance and its weights.",
      operations: named.filter((operation) => !isFunction(operation)),
    },
    {
      title: "Functions",
      text: "Written with their tensors in the brackets: `concat(a, b, along: c)`.",
      operations: named.filter(isFunction),
    },
    {
      title: "What expressions become",
      text:
        "Nobody writes these by name: operators, `sum`, views and `undo` become them in the graph, and `slab inspect` " +
        "shows them.",
      operations: operations.filter((operation) => !isNamed(operation)),
    },
  ];
  const pages = sections.map(({ title, text, operations: listed }) =>
    [`## ${title}`, text, ...listed.map(documentOperation)].join("\n\n"),
  );
  return `${["# Operations", introduction, ...pages].join("\n\n")}\n`;
}

const introduction =
  "MACs are the multiply-accumulates of convolutions and matrix products; FLOPs count every floating point operation, " +
  "two for a multiply-accumulate. An *extent* is one integer for every spatial axis (an axis other than `n` and `c`), or one for " +
  "each: `1x3x3`. Arguments are given in order or by name.";

function documentOperation({
  name,
  documentation,
  arguments: specifications,
  axisArguments,
}: Operation): string {
  const paragraphs = documentation.split("\n\n").map(escaped);
  const underAxes = axisArguments
    ? [
        `| *axis* | ${axisTypeNames[axisArguments.kind]} | ${axisArguments.minimum > 0 ? "required" : "none"} | ${escaped(axisArguments.documentation)} |`,
      ]
    : [];
  const table = [
    "| argument | type | default | meaning |",
    "| --- | --- | --- | --- |",
    ...underAxes,
    ...specifications.map(
      (argument) =>
        `| \`${argument.name}\` | ${typeNames[argument.type]} | ${defaultOf(argument)} | ${inCell(meaningOf(argument))} |`,
    ),
  ].join("\n");
  return [
    `### ${name}`,
    ...paragraphs,
    ...(specifications.length + underAxes.length > 0 ? [table] : []),
  ].join("\n\n");
}

/** What arguments are called in documentation. */
export const typeNames: Readonly<Record<ArgumentType, string>> = {
  int: "int",
  float: "float",
  ratio: "ratio",
  bool: "bool",
  string: "string",
  axis: "axis name",
  axes: "axis names",
  extent: "extent",
};

/** What arguments under the names of axes are called in documentation. */
export const axisTypeNames: Readonly<Record<AxisArgumentSpec["kind"], string>> = {
  int: "int",
  pair: "int or `(int, int)`",
  axis: "axis name",
  parts: "`(axis, axis: size, …)`",
};

/** The default between backticks, `none` where an argument may be left out without one, or `required`. */
export function defaultOf({ default: value, optional }: ArgumentSpec): string {
  if (value === undefined) return optional ? "none" : "required";
  if (typeof value === "string") return `\`"${value}"\``;
  if (typeof value !== "object") return `\`${value}\``;
  return "numerator" in value ? `\`${value.numerator}/${value.denominator}\`` : `\`${value.join("x")}\``;
}

/** What an argument means, with the words that it may be. */
export function meaningOf({ documentation, choices }: ArgumentSpec): string {
  const words = choices ? ` One of ${choices.map((choice) => `\`"${choice}"\``).join(", ")}.` : "";
  return `${documentation}${words}`;
}

/** A text as Markdown in a cell of a table. */
function inCell(text: string): string {
  return escaped(text).replaceAll("|", "\\|");
}

/** Formulas as they are written, not as Markdown emphasis; code between backticks stays. */
export function escaped(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replace(/[*_<]/g, "\\$&") : part))
    .join("`");
}
