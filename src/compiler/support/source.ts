/** A text that Slab reads, with the name it is shown under. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in one file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: line and column from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf(file: SourceFile, offset: number): Position {
  const before = file.text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** A place in words, `line 3, column 5`; with its file where that is not the reader's. */
export function placeText({ file, start }: Span, reader: Span): string {
  const { line, column } = positionOf(file, start);
  return `${file === reader.file ? "" : `${file.path}, `}line ${line}, column ${column}`;
}

/** What stands at a place, in one line. */
export function spanText({ file, start, end }: Span): string {
  return file.text.slice(start, end).replace(/\s+/g, " ");
}

/** The text of one line (from 1), without its line break. */
export function lineText(file: SourceFile, line: number): string {
  return (file.text.split("\n")[line - 1] ?? "").replace(/\r$/, "");
}

export function joinSpans(first: Span, last: Span): Span {
  return { file: first.file, start: first.start, end: last.end };
}
