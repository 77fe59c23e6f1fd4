import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { invariant } from "../compiler/support/invariant.js";

/**
 * A compiled file that runs on its own, such as a worker: beside the module that asks for it, or in `dist` where the
 * tests run the TypeScript sources.
 *
 * @param asking `import.meta.url` of the module that asks
 * @param name the file, without its ending
 * @param folder the folder of the module, below `src/runtime`
 */
export function builtFile(asking: string, name: string, folder: string): URL {
  const compiled = !asking.endsWith(".ts");
  const file = new URL(compiled ? `./${name}.js` : `../../../dist/src/runtime/${folder}/${name}.js`, asking);
  invariant(existsSync(fileURLToPath(file)), `${name}.js is not built: npm run build`);
  return file;
}
