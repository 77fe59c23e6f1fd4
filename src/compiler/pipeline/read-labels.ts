import { badColour, labelNameTwice, labelNumber } from "../diagnostics/catalogue/pipelines.js";
import { fail } from "../diagnostics/diagnostic.js";
import type { PipelineLabel } from "../support/pipeline.js";
import type * as ast from "../syntax/ast.js";
import type { PipelineValues } from "./values.js";

/** The labels of a block, in the order of their numbers 0, 1, 2, … Fails with a diagnostic. */
export function readLabels(written: readonly ast.PipelineLabel[], values: PipelineValues): PipelineLabel[] {
  const labels: PipelineLabel[] = [];
  const names = new Map<string, number>();
  for (const { number, name, colour } of written) {
    const expected = `label ${labels.length}`;
    if (number.value !== labels.length)
      fail(labelNumber, { found: number.value, expected }, { span: number.span });
    const text = values.text(name);
    const first = names.get(text);
    if (first !== undefined) fail(labelNameTwice, { name: text, first }, { span: name.span });
    names.set(text, number.value);
    labels.push({ name: text, ...(colour ? { colour: readColour(colour, values) } : {}) });
  }
  return labels;
}

function readColour(written: ast.TextExpression, values: PipelineValues): string {
  const text = values.text(written);
  if (/^#[0-9a-fA-F]{6}$/.test(text)) return text.toLowerCase();
  const short = /^#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])$/.exec(text);
  const help = short
    ? `write "#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join("")}"`
    : /^[0-9a-fA-F]{6}$/.test(text)
      ? `write "#${text}"`
      : undefined;
  return fail(badColour, { found: text, ...(help ? { help } : {}) }, { span: written.span });
}
