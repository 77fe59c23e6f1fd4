// The command line as a few files: loading the hundreds of modules of its packages one by one takes longer than its work.
import { defineConfig } from "rolldown";

export default defineConfig({
  input: { main: "src/cli/main.ts", worker: "src/runtime/session/worker.ts" },
  platform: "node",
  external: ["onnxruntime-node"],
  output: { dir: "dist/bundle/cli", format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name].js" },
});
