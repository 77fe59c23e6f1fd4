// The command line as a few files: loading the hundreds of modules of its packages one by one takes longer than its work.
// And the page of `slab view`, with Niivue inside: installing Slab does not bring Niivue's own packages.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const page = "src/cli/viewer/page";
const viewer = "dist/bundle/viewer";

export default defineConfig([
  {
    input: {
      main: "src/cli/main.ts",
      worker: "src/runtime/session/worker.ts",
      probe: "src/runtime/devices/probe.ts",
    },
    platform: "node",
    external: ["onnxruntime-node"],
    output: {
      dir: "dist/bundle/cli",
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
    },
  },
  {
    input: { viewer: `${page}/viewer.js` },
    platform: "browser",
    output: { dir: viewer, format: "esm", entryFileNames: "[name].js", codeSplitting: false, minify: true },
    plugins: [{ name: "page", writeBundle: (_, bundle) => writePage(Object.values(bundle)) }],
  },
]);

/** What stands beside the script: the page, and the licences of the packages in the script. */
function writePage(chunks) {
  for (const name of ["index.html", "viewer.css"]) copyFileSync(`${page}/${name}`, `${viewer}/${name}`);
  const modules = chunks.flatMap((chunk) => chunk.moduleIds ?? []);
  const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  const licences = [...new Set(folders)].sort().map((folder) => {
    const name = folder.replace(/^.*\/node_modules\//, "");
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    // Niivue's package comes without the text.
    const path = name === "@niivue/niivue" ? `${page}/niivue-licence.txt` : file && `${folder}/${file}`;
    if (!path) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${readFileSync(path, "utf8").trim()}\n`;
  });
  writeFileSync(`${viewer}/licences.txt`, licences.join("\n\n----\n\n"));
}
