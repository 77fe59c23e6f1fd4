import { lineText, positionOf } from "../support/source.js";
import type { Diagnostic } from "./diagnostic.js";

export interface RenderOptions {
  /** ANSI colours, for a terminal. */
  readonly colour?: boolean;
}

const styles = { red: 31, yellow: 33, blue: 34, bold: 1, cyan: 36 } as const;

/** A diagnostic as text: title, place with its source line, notes and help. Ends without a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const paint = (style: keyof typeof styles, text: string) =>
    options.colour ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  const tone = diagnostic.severity === "error" ? "red" : "yellow";
  const lines = [
    `${paint(tone, `${diagnostic.severity}[${diagnostic.code}]`)}: ${paint("bold", diagnostic.title)}`,
  ];
  const place = diagnostic.place;
  let margin = "";
  if (place && "span" in place) {
    const { file, start, end } = place.span;
    const { line, column } = positionOf(file, start);
    const number = String(line);
    margin = " ".repeat(number.length);
    const text = lineText(file, line);
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const length = Math.max(1, Math.min(end - start, text.length - column + 1));
    const remark = place.remark ? ` ${place.remark}` : "";
    lines.push(`${margin} ${paint("blue", "┌─")} ${file.path}:${line}:${column}`);
    lines.push(`${paint("blue", `${number} │`)} ${text}`);
    lines.push(`${margin} ${paint("blue", "│")} ${indent}${paint(tone, "^".repeat(length) + remark)}`);
  } else if (place) {
    lines.push(`  ${paint("blue", "┌─")} ${place.path}`);
    margin = " ";
  }
  const width = Math.max(0, ...diagnostic.notes.map(({ label }) => label.length));
  for (const { label, text } of diagnostic.notes) {
    lines.push(`${margin} ${paint("blue", "=")} ${label.padEnd(width)}  ${text}`);
  }
  for (const help of diagnostic.help) {
    lines.push(`${margin} ${paint("blue", "=")} ${paint("cyan", "help")}: ${help}`);
  }
  return lines.join("\n");
}

/** Several diagnostics, separated by blank lines. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join("\n\n");
}
