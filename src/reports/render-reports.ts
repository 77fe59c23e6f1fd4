import { describeDifference } from "./difference.js";
import { differenceCsv, differenceJson } from "./difference-data.js";
import type { Document } from "./document.js";
import { figureOf } from "./figure.js";
import { type JsonValue, jsonText } from "./json-text.js";
import { describeFormulas } from "./open.js";
import { renderHtml } from "./render/html.js";
import { renderMarkdown } from "./render/markdown.js";
import { renderText } from "./render/text.js";
import type { DifferenceReport, OpenReport, Report } from "./report.js";
import { openReportCsv, reportCsv } from "./report-csv.js";
import { openReportJson, reportJson } from "./report-json.js";
import { describeSideBySide } from "./side-by-side.js";
import { describeReport } from "./single.js";
import { drawBars } from "./svg/bars.js";

export type ReportFormat = "table" | "markdown" | "json" | "csv" | "html" | "svg";

/** Reports as text: one, or several side by side. At least one. */
export function renderReports(reports: readonly Report[], format: ReportFormat): string {
  const [first, ...others] = reports as readonly [Report, ...Report[]];
  const document = () => (others.length === 0 ? describeReport(first) : describeSideBySide(first, others));
  const figure = () => drawBars(figureOf(first, others));
  switch (format) {
    case "json":
      return jsonText(one(reports.map(reportJson)));
    case "csv":
      return reportCsv(reports);
    case "svg":
      return figure();
    case "html":
      return renderHtml(document(), figure());
    default:
      return renderDocument(document(), format);
  }
}

/** Reports of networks with open sizes, where there is no figure to draw. At least one. */
export function renderOpenReports(
  reports: readonly OpenReport[],
  format: Exclude<ReportFormat, "svg">,
): string {
  const documents = reports.map(describeFormulas);
  switch (format) {
    case "json":
      return jsonText(one(reports.map(openReportJson)));
    case "csv":
      return openReportCsv(reports);
    case "html":
      return renderHtml(joined(documents));
    default:
      return documents.map((document) => renderDocument(document, format)).join("\n\n\n");
  }
}

/** What changed from one network to another. */
export function renderDifference(difference: DifferenceReport, format: Exclude<ReportFormat, "svg">): string {
  switch (format) {
    case "json":
      return jsonText(differenceJson(difference));
    case "csv":
      return differenceCsv(difference);
    case "html":
      return renderHtml(describeDifference(difference));
    default:
      return renderDocument(describeDifference(difference), format);
  }
}

/** A document for people, in the formats that any has. */
function renderDocument(document: Document, format: "table" | "markdown"): string {
  return format === "markdown" ? renderMarkdown(document) : renderText(document);
}

/** One report is an object, several are a list of them. */
function one(reports: readonly JsonValue[]): JsonValue {
  return reports.length === 1 ? (reports[0] ?? null) : reports;
}

function joined(documents: readonly Document[]): Document {
  const [first, ...others] = documents as readonly [Document, ...Document[]];
  const rest = others.flatMap(({ title, blocks }) => [{ kind: "heading", text: title } as const, ...blocks]);
  return { ...first, blocks: [...first.blocks, ...rest] };
}
