import { expect } from "vitest";
import { type Diagnostic, SlabFailure } from "../../../src/compiler/diagnostics/diagnostic.js";

/** The one diagnostic that `work` fails with. */
export function failureOf(work: () => unknown): Diagnostic {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SlabFailure)) throw error;
    expect(error.diagnostics).toHaveLength(1);
    return error.diagnostics[0] as Diagnostic;
  }
  throw new Error("it did not fail");
}
