import type { IToken } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { SlabFailure } from "../diagnostics/diagnostic.js";
import { invariant, known } from "../support/invariant.js";
import type { SourceFile } from "../support/source.js";
import { type BreakPoint, layOut } from "./format-layout.js";
import { type Roles, rolesOf } from "./format-roles.js";
import { type Item, plainWidth } from "./format-spaces.js";
import { parse } from "./parse.js";

/**
 * A file's text in the one style that Slab has. Only blanks and line breaks change: every token and comment stays, in
 * order, so the meaning does too. Breaks that the author made before arrows, `else`, `for` and operators and between
 * list entries are kept; a line that is too long is broken at its outermost pipeline, condition or list. Formatting
 * twice changes nothing more. Fails with the file's diagnostics where it can't be read.
 */
export function formatSource(file: SourceFile): string {
  const { tokens, comments, concrete, diagnostics } = parse(file);
  if (diagnostics.length > 0) throw new SlabFailure(diagnostics);
  const items = withAlignedRules(itemsOf(file, tokens, comments, rolesOf(concrete)));
  const demanded = new Set<number>();
  let layout = layOut(items, demanded);
  while (layout.overlong.length > 0) {
    const chosen = layout.overlong.flatMap((points) => outermost(points));
    if (chosen.length === 0) break;
    for (const { item } of chosen) demanded.add(item);
    layout = layOut(items, demanded);
  }
  invariant(imagesIn(layout.text) === imagesIn(file.text), "the formatter changed more than blanks");
  return layout.text;
}

/** From loosest to tightest: what is broken first where several surround a place equally. */
const order: readonly BreakPoint["kind"][] = [
  "message",
  "arrow",
  "else",
  "indices",
  "list",
  "open",
  "operator",
];

/** The points of an overlong line that belong to its outermost construct, or none where breaking would not help. */
function outermost(points: readonly BreakPoint[]): readonly BreakPoint[] {
  // Breaking only around the one argument of a call gains nothing.
  const useful = points.filter(
    ({ kind, construct }) =>
      kind !== "open" || points.some((other) => other.kind === "list" && other.construct === construct),
  );
  const [best] = [...useful].sort(
    (a, b) => a.depth - b.depth || order.indexOf(a.kind) - order.indexOf(b.kind),
  );
  return best ? useful.filter(({ construct }) => construct === best.construct) : [];
}

/** Tokens and comments in the order of the text. */
function itemsOf(
  file: SourceFile,
  tokens: readonly IToken[],
  comments: readonly IToken[],
  roles: Roles,
): readonly Item[] {
  const all = [...tokens, ...comments].sort((a, b) => a.startOffset - b.startOffset);
  let end = 0;
  return all.map((token) => {
    const between = file.text.slice(end, token.startOffset);
    end = token.startOffset + token.image.length;
    return {
      token,
      role: roles.get(token.startOffset) ?? {},
      comment: token.tokenType === t.Comment,
      breaks: between.match(/\r\n|\r|\n/g)?.length ?? 0,
      column: /[ \t]{2}$/.test(between) ? known(token.startColumn, "a column") - 1 : 0,
    };
  });
}

/** Checkpoint rules, or labels, that follow each other without a blank line have what `rule` points at in one column. */
function withAlignedRules(items: readonly Item[]): readonly Item[] {
  const columns = new Map<number, number>();
  let group: number[] = [];
  let width = 0;
  let blocks = 0;
  const finish = () => {
    for (const offset of group) columns.set(offset, blocks * indentOfBlock + width + 1);
    group = [];
    width = 0;
  };
  items.forEach(({ role, comment, breaks }, index) => {
    if (role.close === "block" || ((role.begins || comment) && breaks > 1)) finish();
    if (role.open === "block") blocks += 1;
    if (role.close === "block") blocks -= 1;
    if (role.rule === undefined) return;
    group.push(role.rule);
    width = Math.max(width, plainWidth(items, index, role.rule));
  });
  return items.map((item) => {
    const alignTo = columns.get(item.token.startOffset);
    return alignTo === undefined ? item : { ...item, role: { ...item.role, alignTo } };
  });
}

const indentOfBlock = 2;

function imagesIn(text: string): string {
  const { tokens, groups } = t.slabLexer.tokenize(text);
  const all = [...tokens, ...(groups.comments ?? [])].sort((a, b) => a.startOffset - b.startOffset);
  return all.map(({ image }) => image.trimEnd()).join("\n");
}
