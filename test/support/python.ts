import { execFileSync } from "node:child_process";

/** A Python that has the `onnx` package: `SLAB_PYTHON`, or the one on the path; undefined where there is none. */
export function pythonWithOnnx(): string | undefined {
  return [process.env.SLAB_PYTHON, "python3", "python"].find((python) => {
    if (python === undefined) return false;
    try {
      execFileSync(python, ["-c", "import onnx"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}
