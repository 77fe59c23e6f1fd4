import type { CstNode, IToken } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { known } from "../support/invariant.js";

/** How a bracket lays out what is inside: statements, roles, parameters, a list, or nothing that ever breaks. */
export type Bracket = "block" | "braces" | "parameters" | "items" | "fixed";

/** Where a value may go on in the next line: before a token with one of these. */
export type BreakKind = "arrow" | "else" | "generator" | "indices" | "operator" | "value" | "message";

/** What a token is to the formatter, beyond its type. */
export interface TokenRole {
  /** Begins a declaration, statement or rule: stands on a line of its own. */
  readonly begins?: boolean;
  readonly open?: Bracket;
  readonly close?: Bracket;
  /** A list of parameters of which one is documented: each gets its own line. */
  readonly expanded?: boolean;
  /** No blank before it; after it. */
  readonly tight?: boolean;
  readonly tightAfter?: boolean;
  /** A blank before it, which holds two tokens apart that would become one. */
  readonly apart?: boolean;
  readonly mayBreak?: BreakKind;
  /** Which pipeline, list or chain of conditions a possible break belongs to: they break together. */
  readonly construct?: number;
  /** For `if` and `for`: the offset where their part of the text ends. */
  readonly until?: number;
  /** On the first token of a checkpoint rule: the offset of its equals sign; of a label, that of its colour. */
  readonly rule?: number;
  /** The least column at which the token may stand. */
  readonly alignTo?: number;
  /** An `if` right after `else`, which continues the conditional before. */
  readonly continues?: boolean;
}

export type Roles = ReadonlyMap<number, TokenRole>;

type Child = CstNode | IToken;

interface Surroundings {
  /** Inside index brackets or a range, where arithmetic is written without blanks. */
  readonly tight: boolean;
  /** The construct of the bracket around, for a comprehension's `for`. */
  readonly bracket: number;
  /** The construct of the conditional that this one continues. */
  readonly chain?: number;
}

/** The roles of the tokens of declarations, by their offsets. */
export function rolesOf(declarations: readonly CstNode[]): Roles {
  const reader = new RoleReader();
  for (const declaration of declarations) reader.read(declaration, { tight: false, bracket: -1 });
  return reader.roles;
}

const brackets: Readonly<Record<string, Bracket>> = {
  use: "braces",
  view: "braces",
  checkpoint: "block",
  pipeline: "block",
  labels: "block",
  body: "block",
  capture: "fixed",
  parameters: "parameters",
  type: "fixed",
  tensorType: "items",
  definition: "fixed",
  outputStatement: "fixed",
  parenthesized: "items",
  list: "items",
};

class RoleReader {
  readonly roles = new Map<number, TokenRole>();
  private constructs = 0;

  /** Marks the tokens of one node and reads what is inside it. */
  read(node: CstNode, around: Surroundings): void {
    const parts = partsOf(node);
    const own = this.constructs++;
    let inner: Surroundings = { tight: around.tight, bracket: around.bracket };
    switch (node.name) {
      case "declaration":
      case "statement":
        this.mark(known(firstToken(node), "a token"), { begins: true });
        break;
      case "mapping":
        this.rule(node);
        break;
      case "ignored":
      case "property":
      case "labels":
        this.mark(known(firstToken(node), "a token"), { begins: true });
        break;
      case "label":
        this.label(node);
        break;
      case "constant":
      case "fn":
      case "outputStatement":
      case "definition":
        this.valueAfterEquals(parts);
        break;
      case "requirement":
        this.markAll(node, "Text", { mayBreak: "message", construct: own });
        break;
      case "expression":
        this.markAll(node, "Arrow", { mayBreak: "arrow", construct: own });
        break;
      case "disjunction":
      case "conjunction":
      case "comparison":
        this.markAll(node, "operator", { mayBreak: "operator", construct: own });
        break;
      case "additive":
      case "multiplicative":
        this.arithmetic(node, around, own);
        break;
      case "unary":
        this.markAll(node, "Minus", { tightAfter: true });
        break;
      case "suffix":
        if (node.children.LeftSquare) this.index(parts);
        else inner = { tight: false, bracket: own };
        this.call(node, own);
        break;
      case "freeParameter":
      case "settings":
        this.call(node, own);
        break;
      case "generator":
        this.generator(node, around);
        return;
      case "positions":
        this.positions(node, around);
        return;
      case "conditional":
        this.conditional(node, around, own);
        return;
    }
    const kind = brackets[node.name];
    if (kind) {
      this.bracket(node, kind, own);
      if (kind !== "fixed" && node.name !== "parenthesized") inner = { tight: false, bracket: own };
    }
    for (const part of parts) if (!isToken(part)) this.read(part, this.insideOf(node, part, inner, around));
  }

  /** What an index bracket holds is written tightly; a definition's `for` belongs to no bracket. */
  private insideOf(node: CstNode, part: CstNode, inner: Surroundings, around: Surroundings): Surroundings {
    const hasIndex = ["definition", "outputStatement"].includes(node.name);
    if (node.name === "subscript" || (hasIndex && node.children.index?.includes(part))) {
      return { tight: true, bracket: -1 };
    }
    if (node.name === "definition" || node.name === "outputStatement") return { tight: false, bracket: -1 };
    const chained = around.chain !== undefined && inner.bracket === around.bracket;
    return chained ? { ...inner, chain: around.chain as number } : inner;
  }

  private bracket(node: CstNode, kind: Bracket, construct: number): void {
    const expanded =
      kind === "parameters" &&
      (node.children.parameter ?? []).some((part) => !isToken(part) && part.children.DocComment);
    const tight = ["parameters", "tensorType", "definition", "outputStatement", "capture"].includes(
      node.name,
    );
    for (const part of partsOf(node)) {
      if (!isToken(part)) continue;
      const { tokenType: type } = part;
      if (type === t.LeftCurly || type === t.LeftParen || type === t.LeftSquare) {
        this.mark(part, {
          open: kind,
          construct,
          ...(expanded ? { expanded } : {}),
          ...(tight ? { tight } : {}),
        });
        if (node.name === "capture") this.mark(part, { tightAfter: true });
      } else if (type === t.RightCurly || type === t.RightParen || type === t.RightSquare) {
        this.mark(part, { close: kind, ...(node.name === "capture" ? { tight: true } : {}) });
      } else if (type === t.Comma) {
        this.mark(part, { construct });
      } else if (type === t.Times) {
        this.mark(part, { tight: true });
      }
    }
  }

  private index(parts: readonly Child[]): void {
    for (const part of parts) {
      if (!isToken(part)) continue;
      if (part.tokenType === t.LeftSquare) this.mark(part, { open: "fixed", tight: true });
      if (part.tokenType === t.RightSquare) this.mark(part, { close: "fixed" });
    }
  }

  private call(node: CstNode, construct: number): void {
    this.markAll(node, "LeftParen", { open: "items", construct, tight: true });
    this.markAll(node, "RightParen", { close: "items" });
    this.markAll(node, "Comma", { construct });
  }

  private arithmetic(node: CstNode, around: Surroundings, construct: number): void {
    const tight = around.tight || isRatio(node);
    this.markAll(
      node,
      "operator",
      tight ? { tight: true, tightAfter: true } : { mayBreak: "operator", construct },
    );
  }

  private generator(node: CstNode, around: Surroundings): void {
    const [word] = node.children.For as [IToken];
    const own = around.bracket < 0;
    const until = endOf(node);
    const construct = own ? this.constructs++ : around.bracket;
    this.mark(word, { mayBreak: own ? "indices" : "generator", construct, until });
    const tight = node.children.Range !== undefined || node.children.RangeBelow !== undefined;
    for (const part of partsOf(node)) if (!isToken(part)) this.read(part, { tight, bracket: -1 });
  }

  private positions(node: CstNode, around: Surroundings): void {
    const [word] = node.children.For as [IToken];
    this.mark(word, { mayBreak: "generator", construct: around.bracket, until: endOf(node) });
    for (const part of partsOf(node)) if (!isToken(part)) this.read(part, { tight: false, bracket: -1 });
  }

  private conditional(node: CstNode, around: Surroundings, own: number): void {
    const construct = around.chain ?? own;
    const { If, Else, condition, whenTrue, whenFalse } = node.children as Record<string, Child[]>;
    const word = (If as IToken[])[0] as IToken;
    const continues = around.chain !== undefined;
    this.mark(word, { until: endOf(node), construct, ...(continues ? { continues } : {}) });
    this.mark((Else as IToken[])[0] as IToken, { mayBreak: "else", construct });
    const { tight, bracket } = around;
    for (const part of [...(condition ?? []), ...(whenTrue ?? [])])
      this.read(part as CstNode, { tight, bracket });
    for (const part of whenFalse ?? []) {
      const begins = firstToken(part as CstNode)?.tokenType === t.If;
      this.read(part as CstNode, { tight, bracket, ...(begins ? { chain: construct } : {}) });
    }
  }

  /** `unet.enc.{i} = "…"`: the path is written without blanks. */
  private rule(node: CstNode): void {
    const [equals] = node.children.Equals as [IToken];
    this.mark(known(firstToken(node), "a token"), { begins: true, rule: equals.startOffset });
    let previous: IToken | undefined;
    for (const segment of node.children.segment ?? []) {
      if (isToken(segment)) continue;
      let within: IToken | undefined;
      for (const part of partsOf(segment)) {
        const token = known(isToken(part) ? part : firstToken(part), "a token");
        // `1.2` would be one number.
        const apart = !within && previous?.tokenType === t.Integer && token.tokenType === t.Integer;
        if (within) this.mark(token, { tight: true });
        if (apart) this.mark(token, { apart });
        within = isToken(part) ? part : token;
      }
      previous = within;
    }
  }

  /** `1: "spleen" "#9d6ca2"` */
  private label(node: CstNode): void {
    const [colour] = (node.children.colour ?? []) as IToken[];
    const rule = colour ? { rule: colour.startOffset } : {};
    this.mark(known(firstToken(node), "a token"), { begins: true, ...rule });
  }

  private valueAfterEquals(parts: readonly Child[]): void {
    const equals = parts.findIndex((part) => isToken(part) && part.tokenType === t.Equals);
    const value = parts[equals + 1];
    if (equals < 0 || !value || isToken(value)) return;
    this.mark(known(firstToken(value), "a token"), { mayBreak: "value" });
  }

  private markAll(node: CstNode, child: string, role: TokenRole): void {
    for (const part of node.children[child] ?? []) if (isToken(part)) this.mark(part, role);
  }

  private mark(token: IToken, role: TokenRole): void {
    this.roles.set(token.startOffset, { ...this.roles.get(token.startOffset), ...role });
  }
}

function isToken(part: Child): part is IToken {
  return "image" in part;
}

function startOf(part: Child): number {
  return isToken(part) ? part.startOffset : known(part.location, "a location").startOffset;
}

function endOf(node: CstNode): number {
  return known(known(node.location, "a location").endOffset, "an end") + 1;
}

/** Children in the order in which they are written. */
function partsOf(node: CstNode): readonly Child[] {
  return Object.values(node.children)
    .flat()
    .sort((a, b) => startOf(a) - startOf(b));
}

function firstToken(node: CstNode): IToken | undefined {
  const part = partsOf(node)[0];
  return part === undefined || isToken(part) ? part : firstToken(part);
}

/** `1/4`: two whole numbers and nothing else. */
function isRatio(node: CstNode): boolean {
  const operators = node.children.operator as IToken[] | undefined;
  const operands = node.children.unary ?? [];
  if (operators?.length !== 1 || operators[0]?.tokenType !== t.Divide) return false;
  return operands.every((operand) => {
    const postfix = isToken(operand) ? undefined : (operand.children.postfix?.[0] as CstNode | undefined);
    const primary = postfix?.children.primary?.[0] as CstNode | undefined;
    return postfix?.children.suffix === undefined && primary?.children.Integer !== undefined;
  });
}
