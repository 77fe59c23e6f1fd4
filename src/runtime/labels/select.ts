import {
  ambiguousLabelName,
  malformedLabels,
  unknownLabelName,
} from "../../compiler/diagnostics/catalogue/metrics.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { suggestions } from "../../compiler/support/suggest.js";
import { greatestLabel } from "./label-map.js";
import type { LabelNames } from "./names.js";

/**
 * Reads a selection of labels: numbers, ranges `1-15` and names, with commas between them; each label once, in the order
 * in which it is named. Fails with SLAB5303 (no such name), SLAB5304 (not a label) or SLAB5308 (a name of several).
 */
export function selectLabels(text: string, names: LabelNames): readonly number[] {
  const parts = text.split(",").map((part) => part.trim());
  return [...new Set(parts.flatMap((part) => labelsOf(part, names)))];
}

function labelsOf(part: string, names: LabelNames): number[] {
  const range = /^(\d+)(?:\s*(?:-|\.\.)\s*(\d+))?$/.exec(part);
  if (!range) return [labelCalled(part, names)];
  const first = Number(range[1]);
  const last = Number(range[2] ?? first);
  if (first < 1 || last > greatestLabel || last < first) fail(malformedLabels, { found: part });
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function labelCalled(name: string, names: LabelNames): number {
  if (name === "" || /^[-+.\d]+$/.test(name))
    fail(malformedLabels, { found: name === "" ? "nothing" : name });
  const key = plain(name);
  const found = [...names].filter(([label, entry]) => label > 0 && plain(entry.name) === key);
  if (found.length > 1) {
    fail(ambiguousLabelName, { found: name, labels: found.map(([label]) => label) });
  }
  const [label] = found[0] ?? [];
  if (label === undefined) {
    const known = [...names].filter(([each]) => each > 0).map(([, entry]) => entry.name);
    fail(unknownLabelName, { found: name, similar: suggestions(name, known, 3), names: known.length });
  }
  return label;
}

/** A name as people may write it: `Kidney right` for `kidney_right`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "_");
}
