import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompiledModel } from "../../compiler/index.js";
import type { ModelSource } from "../../runtime/index.js";
import { holdSignals } from "../../runtime/interruption.js";
import { writeFilesTogether } from "../../runtime/volume/files.js";

/**
 * Hands on a model that was just compiled: its bytes, or, where its weights don't fit into one, the path of a copy in a
 * temporary folder (of TMPDIR). The folder is removed when `open` is done, which has read it by then, and when the
 * program is interrupted. The weights are written before this returns. Fails with SLAB5022.
 */
export function withTemporaryModel<T>(
  { model, externalData }: CompiledModel["emitted"],
  open: (source: ModelSource) => Promise<T>,
): Promise<T> {
  if (!externalData) return open({ bytes: model });
  const folder = mkdtempSync(join(tmpdir(), "slab-model-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const release = holdSignals(remove);
  const done = () => {
    remove();
    release();
  };
  try {
    const path = join(folder, "model.onnx");
    writeFilesTogether([
      { path: join(folder, externalData.fileName), chunks: externalData.chunks },
      { path, chunks: [model] },
    ]);
    return open({ path }).finally(done);
  } catch (error) {
    done();
    throw error;
  }
}
