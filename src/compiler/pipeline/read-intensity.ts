import {
  intensityArgument,
  intensityRange,
  unknownIntensityForm,
} from "../diagnostics/catalogue/pipelines.js";
import { fail } from "../diagnostics/diagnostic.js";
import { type Intensity, intensityKinds, type Range } from "../support/pipeline.js";
import { suggestions } from "../support/suggest.js";
import type { Argument, Expression } from "../syntax/ast.js";
import type { PipelineValues } from "./values.js";

type Kind = (typeof intensityKinds)[number];

/** The named arguments of each kind; `window` and `percentiles` begin with two numbers without names. */
const argumentsOf: Readonly<Record<Kind, readonly string[]>> = {
  window: ["clip"],
  percentiles: ["clip", "over"],
  minmax: ["over"],
  zscore: ["mean", "deviation", "clip", "over"],
  none: [],
};

/** `window(-991, 362) -> (0, 1)`, `zscore(over: nonzero)`, `percentiles(0.5, 99.5, clip: false)`. Fails with a diagnostic. */
export function readIntensity(expression: Expression, values: PipelineValues): Intensity {
  const { source, to } = withTarget(expression, values);
  const given = source.kind === "call" ? source.arguments : [];
  const callee = source.kind === "call" ? source.target : source;
  const kind = callee.kind === "name" ? intensityKinds.find((known) => known === callee.name) : undefined;
  if (!kind) return refuseForm(callee, values);
  const positional = given.filter(({ name }) => !name);
  const named = namedArguments(kind, given);
  const target = to ? { to } : {};
  const over = named.get("over");
  const voxels =
    over && values.word(over, "over", ["all", "nonzero"] as const) === "nonzero"
      ? ({ over: "nonzero" } as const)
      : {};
  if (kind === "window" || kind === "percentiles") {
    const [low, high] = bounds(kind, positional, source, values);
    const clip = named.get("clip");
    const clipping = clip && !values.truth(clip, "clip") ? ({ clip: false } as const) : {};
    return kind === "window"
      ? { kind, low, high, ...clipping, ...target }
      : { kind, low, high, ...clipping, ...voxels, ...target };
  }
  const [extra] = positional;
  if (extra)
    fail(
      unknownIntensityForm,
      { found: values.shown(source), help: `write ${kind} alone` },
      { span: extra.value.span },
    );
  if (to && kind !== "minmax") {
    const help = kind === "none" ? "none changes nothing" : "zscore gives mean 0 and standard deviation 1";
    const found = `${values.shown(source)} -> (${to.join(", ")})`;
    fail(unknownIntensityForm, { found, help }, { span: expression.span });
  }
  if (kind === "minmax") return { kind, ...voxels, ...target };
  return kind === "none" ? { kind } : { kind, ...standardization(named, source, values), ...voxels };
}

/** What stands before an arrow, and the range behind it. */
function withTarget(
  expression: Expression,
  values: PipelineValues,
): { readonly source: Expression; readonly to?: Range } {
  if (expression.kind !== "pipe") return { source: expression };
  const { source, target, label, undo } = expression;
  if (label || undo || source.kind === "pipe") return refuseForm(expression, values);
  return { source, to: readRange(target, "what follows the arrow", "(0, 1)", values) };
}

function refuseForm(expression: Expression, values: PipelineValues): never {
  const found = values.shown(expression);
  const words = found.toLowerCase().replace(/[^a-z]/g, "");
  const near = suggestions(words, intensityKinds)[0];
  const help = near && (near === "window" || near === "percentiles" ? `${near}(low, high)` : near);
  fail(
    unknownIntensityForm,
    { found, ...(help ? { help: `write ${help}` } : {}) },
    { span: expression.span },
  );
}

function namedArguments(kind: Kind, given: readonly Argument[]): ReadonlyMap<string, Expression> {
  const known = argumentsOf[kind];
  const named = new Map<string, Expression>();
  for (const { name, value } of given) {
    if (!name) continue;
    if (!known.includes(name.text) || named.has(name.text)) {
      const [suggestion] = named.has(name.text) ? [] : suggestions(name.text, known);
      const twice = named.has(name.text) ? "a second " : "";
      const args = { kind, name: twice + name.text, known, ...(suggestion ? { suggestion } : {}) };
      fail(intensityArgument, args, { span: name.span });
    }
    named.set(name.text, value);
  }
  return named;
}

function bounds(
  kind: "window" | "percentiles",
  positional: readonly Argument[],
  source: Expression,
  values: PipelineValues,
): Range {
  const expected =
    kind === "window" ? "two numbers, the lower one first" : "two numbers in 0..100, the lower one first";
  const refuse = (found: string) => {
    const help = kind === "window" ? "as in window(-991, 362)" : "as in percentiles(0.5, 99.5)";
    return fail(intensityRange, { what: kind, found, expected, help }, { span: source.span });
  };
  const [first, second] = positional;
  if (!first || !second || positional.length > 2) return refuse(values.shown(source));
  const [low, high] = [values.number(first.value, "low"), values.number(second.value, "high")];
  if (!(low < high && Number.isFinite(high - low))) return refuse(`${low} and ${high}`);
  if (kind === "percentiles" && (low < 0 || high > 100)) return refuse(`${low} and ${high}`);
  return [low, high];
}

/** `(0, 1)`: two numbers, the lower first. */
function readRange(expression: Expression, what: string, example: string, values: PipelineValues): Range {
  const elements = expression.kind === "group" ? expression.elements : [];
  const [first, second] = elements;
  const expected = `two numbers, the lower one first, as in ${example}`;
  if (!first || !second || elements.length > 2 || first.name || second.name) {
    return fail(
      intensityRange,
      { what, found: values.shown(expression), expected },
      { span: expression.span },
    );
  }
  const [low, high] = [values.number(first.value, what), values.number(second.value, what)];
  if (low < high) return [low, high];
  return fail(intensityRange, { what, found: `${low} and ${high}`, expected }, { span: expression.span });
}

/** Mean and deviation of a data set, which come together, and the range to which values are limited before. */
function standardization(
  named: ReadonlyMap<string, Expression>,
  source: Expression,
  values: PipelineValues,
): { readonly mean?: number; readonly deviation?: number; readonly clip?: Range } {
  const [mean, deviation, clip] = [named.get("mean"), named.get("deviation"), named.get("clip")];
  const limits = clip ? { clip: readRange(clip, "clip", "(-970, 512)", values) } : {};
  if (!mean && !deviation) return limits;
  if (!mean || !deviation) {
    const expected = "mean and deviation, both or neither";
    const args = { what: "zscore", found: values.shown(source), expected };
    return fail(intensityRange, args, { span: source.span });
  }
  const given = { mean: values.number(mean, "mean"), deviation: values.number(deviation, "deviation") };
  if (!(given.deviation > 0)) {
    const args = { what: "deviation", found: String(given.deviation), expected: "a number above 0" };
    return fail(intensityRange, args, { span: deviation.span });
  }
  return { ...given, ...limits };
}
