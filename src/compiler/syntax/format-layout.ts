import * as t from "../../../grammar/tokens.js";
import { known } from "../support/invariant.js";
import type { Bracket, TokenRole } from "./format-roles.js";
import { type Item, plainWidth, spaceBetween } from "./format-spaces.js";

/** Columns that a line should not go beyond. */
const lineWidth = 110;
/** Columns by which the inside of a block, or the rest of a value, is indented. */
const step = 2;

/** A place where an overlong line may be broken. */
export interface BreakPoint {
  /** The index of the item that would begin the next line. */
  readonly item: number;
  /** Which pipeline, list or conditional it belongs to. */
  readonly construct: number;
  /** How many brackets and conditions are around: the outermost is broken first. */
  readonly depth: number;
  readonly kind: "message" | "arrow" | "else" | "indices" | "list" | "open" | "operator";
}

/** A text laid out, and for each of its overlong lines where it could be broken. */
export interface Layout {
  readonly text: string;
  readonly overlong: readonly (readonly BreakPoint[])[];
}

/** Something open around a token. */
interface Level {
  readonly kind: Bracket | "conditional" | "file";
  /** Columns where entries stand, and the closing bracket. */
  indent: number;
  closeIndent: number;
  /** The indentation of the line that opens it. */
  readonly lineIndent: number;
  /** No token has come yet. */
  fresh: boolean;
  /** The first entry stands on a line of its own. */
  broken: boolean;
  readonly expanded: boolean;
  readonly construct: number;
  /** The offset where a conditional ends. */
  readonly until: number;
}

/** Lays items out with the author's line breaks where they may be, and with the demanded ones. */
export function layOut(items: readonly Item[], demanded: ReadonlySet<number>): Layout {
  return new Writer(items, demanded).write();
}

class Writer {
  private readonly levels: Level[] = [];
  private readonly lines: string[] = [];
  private readonly overlong: BreakPoint[][] = [];
  private line = "";
  private lineIndent = 0;
  private points: BreakPoint[] = [];

  constructor(
    private readonly items: readonly Item[],
    private readonly demanded: ReadonlySet<number>,
  ) {
    this.open("file", 0, 0, {});
  }

  write(): Layout {
    this.items.forEach((item, index) => {
      while (item.token.startOffset >= this.level.until) this.levels.pop();
      const previous = this.items[index - 1];
      if (previous) {
        if (this.breaksBefore(item, previous, index)) this.newLine(item, previous, index);
        else this.join(item, previous, index);
      }
      this.append(item);
    });
    this.endLine();
    return { text: `${this.lines.join("\n")}\n`, overlong: this.overlong };
  }

  private get level(): Level {
    return known(this.levels.at(-1), "the outermost level");
  }

  private get bracketLevel(): Level {
    return known(
      this.levels.findLast(({ kind }) => kind !== "conditional"),
      "the outermost level",
    );
  }

  private breaksBefore(item: Item, previous: Item, index: number): boolean {
    if (endsLine(previous)) return true;
    if (item.comment) return item.breaks > 0;
    if (item.role.begins || item.token.tokenType === t.DocComment) return true;
    if (item.role.close === "block") return previous.role.open !== "block";
    if (item.role.close) return this.level.broken;
    const asked = item.breaks > 0 || this.demanded.has(index);
    if (opensList(previous)) return asked || this.level.expanded;
    if (isListComma(previous)) return asked || (this.level.kind === "parameters" && this.level.broken);
    return item.role.mayBreak !== undefined && asked;
  }

  private newLine(item: Item, previous: Item, index: number): void {
    this.endLine();
    if (item.breaks > 1 && mayStandApart(item, previous)) this.lines.push("");
    const { level } = this;
    if (level.fresh && level.kind !== "block" && level.kind !== "fixed") {
      // The first break in a bracket decides how all of it is indented.
      level.broken = true;
      level.indent = level.lineIndent + step;
      level.closeIndent = level.lineIndent;
    }
    this.lineIndent = this.indentOf(index);
    this.line = " ".repeat(this.lineIndent);
  }

  private indentOf(index: number): number {
    const item = known(this.items[index], "an item");
    const { level } = this;
    if (item.comment) {
      let next = index + 1;
      while (this.items[next]?.comment) next++;
      const following = this.items[next];
      if (!following) return 0;
      return following.role.close ? this.bracketLevel.indent : this.indentOf(next);
    }
    if (item.role.close) return level.closeIndent;
    if (item.role.begins || item.token.tokenType === t.DocComment) return level.indent;
    let before = index - 1;
    while (this.items[before]?.comment) before--;
    const previous = this.items[before];
    if (
      previous &&
      (previous.token.tokenType === t.DocComment || previous.role.open || isListComma(previous))
    ) {
      return level.indent;
    }
    if (item.role.mayBreak === "generator") return this.bracketLevel.indent;
    return item.role.mayBreak === "else" ? level.indent : level.indent + step;
  }

  /** Continues the line, with the author's alignment where there is one, and notes whether it could break here. */
  private join(item: Item, previous: Item, index: number): void {
    const { mayBreak, until, close, alignTo } = item.role;
    if (item.comment) {
      this.measure();
      this.points = [];
      this.align(item.column, 0);
      return;
    }
    if (mayBreak === "indices") {
      this.align(item.column, plainWidth(this.items, index, known(until, "an end")));
    } else {
      this.line += spaceBetween(previous, item);
      this.line = this.line.padEnd(alignTo ?? 0);
    }
    const depth = this.levels.length;
    const { construct } = this.level;
    if (opensList(previous)) {
      if (!close) this.points.push({ item: index, construct, depth: depth - 1, kind: "open" });
    } else if (isListComma(previous) && !close) {
      this.points.push({ item: index, construct, depth: depth - 1, kind: "list" });
    }
    if (mayBreak && mayBreak !== "value") {
      const outside = mayBreak === "generator" || mayBreak === "else" ? 1 : 0;
      const kind = mayBreak === "generator" ? "list" : mayBreak;
      this.points.push({ item: index, construct: item.role.construct ?? -1, depth: depth - outside, kind });
    }
  }

  /** Fills the line up to the author's column, or two blanks where that does not fit. */
  private align(column: number, width: number): void {
    const natural = this.line.length + 2;
    const fits = column >= natural && column + width <= lineWidth;
    this.line = this.line.padEnd(fits ? column : natural);
  }

  private append({ token, role, comment }: Item): void {
    const column = this.line.length;
    this.line += comment || token.tokenType === t.DocComment ? token.image.trimEnd() : token.image;
    if (comment) return;
    if (role.close) this.levels.pop();
    this.level.fresh = false;
    if (token.tokenType === t.If && !role.continues) this.open("conditional", column, column, role);
    if (role.open === "block") this.open("block", this.level.indent + step, this.level.indent, role);
    else if (role.open) this.open(role.open, this.line.length, this.line.length, role);
  }

  private open(kind: Level["kind"], indent: number, closeIndent: number, role: TokenRole): void {
    this.levels.push({
      kind,
      indent,
      closeIndent,
      lineIndent: this.lineIndent,
      fresh: kind !== "conditional" && kind !== "file",
      broken: false,
      expanded: role.expanded ?? false,
      construct: role.construct ?? -1,
      until: kind === "conditional" ? known(role.until, "an end") : Number.POSITIVE_INFINITY,
    });
  }

  private measure(): void {
    if (this.line.trimEnd().length > lineWidth && this.points.length > 0) this.overlong.push(this.points);
  }

  private endLine(): void {
    this.measure();
    this.points = [];
    this.lines.push(this.line.trimEnd());
  }
}

function endsLine(item: Item): boolean {
  return item.comment || item.token.tokenType === t.DocComment;
}

function opensList({ role }: Item): boolean {
  return role.open !== undefined && role.open !== "fixed" && role.open !== "block";
}

/** A comma between entries of a bracket, not the one of `require`. */
function isListComma({ token, role }: Item): boolean {
  return token.tokenType === t.Comma && role.construct !== undefined;
}

/** Whether the author's blank line before an item is kept. */
function mayStandApart(item: Item, previous: Item): boolean {
  if (previous.role.open || item.role.close) return false;
  return item.comment || item.role.begins === true || endsLine(previous) || isListComma(previous);
}
