#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as modules from "node:module";
import { fileURLToPath } from "node:url";

// Chevrotain's entry point loads some 400 small files, which takes longer than everything `slab check` does; the package
// also carries the same code as one file. Nothing but the time differs, so where that file is absent nothing is lost.
const bundle = new URL("../chevrotain.min.mjs", import.meta.resolve("chevrotain"));
if (existsSync(fileURLToPath(bundle))) {
  if (modules.registerHooks) {
    modules.registerHooks({
      resolve: (name, context, next) =>
        name === "chevrotain" ? { url: bundle.href, shortCircuit: true } : next(name, context),
    });
  } else {
    const resolve = `export function resolve(name, context, next) {
      return name === "chevrotain" ? { url: ${JSON.stringify(bundle.href)}, shortCircuit: true } : next(name, context);
    }`;
    modules.register(`data:text/javascript,${encodeURIComponent(resolve)}`);
  }
}

const { main } = await import("../dist/src/cli/main.js");
await main(process.argv.slice(2));
