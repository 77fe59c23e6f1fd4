/**
 * A report for people, before it is known how it is shown: what is said in which order. The renderers in `render/` make
 * text for a terminal, Markdown or HTML of it.
 */
export interface Document {
  readonly title: string;
  /** One line below the title. */
  readonly subtitle?: string;
  readonly blocks: readonly Block[];
}

export type Block = Heading | Facts | Table | Remark;

/** Begins what a second document says. */
export interface Heading {
  readonly kind: "heading";
  readonly text: string;
}

/** Names with what holds for them, one below the other. */
export interface Facts {
  readonly kind: "facts";
  readonly title?: string;
  readonly facts: readonly Fact[];
}

/** `MACs  518,673,924,096  518.67 G  multiply-accumulates of convolutions and matrix products`, or a name with a text. */
export interface Fact {
  readonly name: string;
  /** The whole number, or another short value that stands in the numbers' column. */
  readonly exact?: string;
  readonly short?: string;
  readonly text?: string;
}

export interface Table {
  readonly kind: "table";
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** A last row, set off from the others. */
  readonly total?: Row;
  /** What a reader should know about the table. */
  readonly remark?: string;
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** What a column means, where its title alone does not say it; shown where there is room, in HTML. */
  readonly meaning?: string;
}

export type Row = readonly Cell[];

export interface Cell {
  readonly text: string;
  /** By what a sortable table sorts, where the text does not do. */
  readonly order?: number;
  /** For a bar behind the text: a part of 1. */
  readonly part?: number;
}

/** A paragraph. */
export interface Remark {
  readonly kind: "remark";
  readonly text: string;
}

export function cell(text: string, order?: bigint | number): Cell {
  return order === undefined ? { text } : { text, order: Number(order) };
}
