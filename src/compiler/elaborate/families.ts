import * as names from "../diagnostics/catalogue/names.js";
import * as messages from "../diagnostics/catalogue/types.js";
import { fail } from "../diagnostics/diagnostic.js";
import { positionOf } from "../support/source.js";
import type { Evaluation } from "./evaluation.js";
import { type Cell, type CellStatement, type Context, type FamilyState, placeOf } from "./frame.js";
import { generatedIntegers, integerOf } from "./ranges.js";
import { limits } from "./state.js";

/** One index that a statement gives a family, and the variable that holds it in the expression. */
interface Index {
  readonly index: number;
  readonly variable?: string;
}

/**
 * The members of a family, by index. Its ranges and lists are evaluated in `context`. Fails with a diagnostic.
 *
 * @param name the family as messages call it
 */
export function expandFamily(
  evaluation: Evaluation,
  { statements }: FamilyState,
  name: string,
  context: Context,
): Map<number, Cell> {
  const members = new Map<number, Cell>();
  for (const statement of statements) {
    const indices = indicesOf(evaluation, statement, context);
    for (const { index, variable } of indices) {
      const earlier = members.get(index);
      if (earlier) {
        const args = {
          name: `${name}[${index}]`,
          what: "the name",
          firstLine: positionOf(statement.span.file, earlier.statement.span.start).line,
          ...(variable === undefined ? {} : { indices: shownIndices(statement, indices) }),
        };
        fail(names.duplicateName, args, { span: statement.name.span });
      }
      members.set(index, {
        statement,
        display: `${name}[${index}]`,
        index,
        ...(variable === undefined ? {} : { variable }),
        state: { kind: "waiting" },
        used: false,
      });
    }
  }
  return members;
}

function indicesOf(evaluation: Evaluation, statement: CellStatement, context: Context): readonly Index[] {
  const { index, generator, name } = statement;
  if (!index) return [];
  if (!generator) return [{ index: integerOf(evaluation, index, "the index", context) }];
  const variable = generator.variable.text;
  if (index.kind !== "name" || index.name !== variable) {
    const found = statement.span.file.text.slice(index.span.start, index.span.end);
    const help = `write ${name.text}[${variable}] = … for ${variable} in first..last`;
    const args = { what: "the index of a family", found, expected: "the variable of its range", help };
    fail(messages.wrongType, args, { span: index.span });
  }
  const numbers = generatedIntegers(evaluation, generator, `each index of ${name.text}`, context);
  if (numbers.length > limits.family) {
    const args = { what: "members of one family", limit: limits.family };
    fail(messages.limitExceeded, args, placeOf(context, generator.span));
  }
  return numbers.map((number) => ({ index: number, variable }));
}

/** The indices as they are written, `the range 1..0`, and what is wrong with them. */
function shownIndices(
  { generator }: CellStatement,
  indices: readonly Index[],
): { text: string; kind: "range" | "downwards" | "list" } {
  const numbers = indices.map(({ index }) => index);
  const [first, last] = [numbers[0] as number, numbers.at(-1) as number];
  if (!generator?.to) return { text: `the list [${numbers.join(", ")}]`, kind: "list" };
  return { text: `the range ${first}..${last}`, kind: first > last ? "downwards" : "range" };
}

/** The members that a family has, for messages: `enc[0..3]`, `deep[1], deep[3]`. */
export function shownMembers(name: string, members: Iterable<number>): string {
  const known = [...members].sort((a, b) => a - b);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return "nothing";
  if (known.length > 1 && last - first === known.length - 1) return `${name}[${first}..${last}]`;
  return known.map((index) => `${name}[${index}]`).join(", ");
}
