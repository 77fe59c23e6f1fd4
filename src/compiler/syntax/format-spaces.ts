import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import type { TokenRole } from "./format-roles.js";

/** A token or comment with what the author had before it. */
export interface Item {
  readonly token: IToken;
  readonly role: TokenRole;
  readonly comment: boolean;
  /** Line breaks before it; from 2 on there is a blank line. */
  readonly breaks: number;
  /** The column, from 0, to which the author moved it with at least two blanks, or 0. */
  readonly column: number;
}

const tightBefore: readonly TokenType[] = [
  t.Comma,
  t.Colon,
  t.RightParen,
  t.RightSquare,
  t.Dot,
  t.Range,
  t.RangeBelow,
];
const tightAfter: readonly TokenType[] = [t.LeftParen, t.LeftSquare, t.Dot, t.Range, t.RangeBelow];

/** What stands between two tokens on one line. */
export function spaceBetween(previous: Item, next: Item): "" | " " {
  const words = /\w$/.test(previous.token.image) && /^\w/.test(next.token.image);
  if (words || next.role.apart) return " ";
  if (next.role.tight || previous.role.tightAfter) return "";
  if (previous.token.tokenType === t.Colon) return " ";
  if (tightBefore.includes(next.token.tokenType) || tightAfter.includes(previous.token.tokenType)) return "";
  return previous.role.open && next.role.close ? "" : " ";
}

/** The width of the items from `index` up to an offset, written on one line. */
export function plainWidth(items: readonly Item[], index: number, until: number): number {
  let width = 0;
  let previous: Item | undefined;
  for (let at = index; at < items.length; at++) {
    const item = items[at] as Item;
    if (item.token.startOffset >= until) break;
    if (item.comment) continue;
    width += item.token.image.length + (previous ? spaceBetween(previous, item).length : 0);
    previous = item;
  }
  return width;
}
