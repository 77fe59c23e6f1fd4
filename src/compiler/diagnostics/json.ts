import { positionOf } from "../support/source.js";
import type { Diagnostic } from "./diagnostic.js";

/** A diagnostic as plain data, for editors and scripts: positions count from 1, `end` is exclusive. */
export function diagnosticToJson(diagnostic: Diagnostic): Record<string, unknown> {
  const { code, severity, title, notes, help, place } = diagnostic;
  const where =
    place === undefined
      ? {}
      : "span" in place
        ? {
            file: place.span.file.path,
            start: positionOf(place.span.file, place.span.start),
            end: positionOf(place.span.file, place.span.end),
          }
        : { file: place.path };
  return { code, severity, title, ...where, notes, help };
}
