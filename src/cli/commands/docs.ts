import { describeFile, describeLibrary, lookUp } from "../../compiler/index.js";
import { renderEntries, renderLibrary, renderModule, renderModules } from "../../reports/docs/terminal.js";
import { readSource } from "../files.js";
import { createHost } from "../host.js";
import type { Terminal } from "../terminal.js";
import { printable } from "../text.js";

/** `slab docs`: explains a name, a module or the user's own file; without a name it lists everything there is. */
export function docs(name: string | undefined, terminal: Terminal): number {
  if (name !== undefined && (name.endsWith(".slab") || /[\\/]/.test(name))) {
    terminal.print(clean(renderModule(describeFile({ path: name, text: readSource(name) }))));
    return 0;
  }
  const library = describeLibrary(createHost("network.slab"));
  if (name === undefined) {
    terminal.print(renderLibrary(library));
    return 0;
  }
  const found = lookUp(printable(name), library);
  if (found.kind === "library") terminal.print(renderModules(found.modules));
  else if (found.kind === "module") terminal.print(renderModule(found.module));
  else terminal.print(renderEntries(found.entries));
  return 0;
}

/** Comments of a file from elsewhere do not steer the terminal. */
function clean(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/\p{Cc}/gu, "?"))
    .join("\n");
}
