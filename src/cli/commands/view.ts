import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { malformedPort, viewerMissing } from "../../compiler/diagnostics/catalogue/cases.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { readLabelMap } from "../../runtime/labels/label-map.js";
import { joinNames, noNames } from "../../runtime/labels/names.js";
import { readLabelNames } from "../../runtime/labels/read-names.js";
import { requireSameGrid } from "../../runtime/metrics/same-grid.js";
import { greyWindow } from "../../runtime/picture/grey.js";
import { readFileBytes } from "../../runtime/volume/files.js";
import { isGzip } from "../../runtime/volume/gzip.js";
import { readNifti } from "../../runtime/volume/read-nifti.js";
import { encodeLabelMap } from "../../runtime/volume/write-nifti.js";
import type { Terminal } from "../terminal.js";
import { type ServedFiles, serveFiles } from "../viewer/server.js";
import { type ViewerSettings, viewedMap } from "../viewer/settings.js";

export interface ViewArguments {
  readonly names?: string;
  readonly port?: string;
  readonly open: boolean;
}

/** The page that `npm run build` makes, from here as from `dist/bundle/cli`. */
const pageFolder = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../../dist/bundle/viewer/" : "../viewer/", import.meta.url),
);

/** `slab view`: shows a scan and its labels in a browser, from this machine alone, until it is interrupted. */
export async function view(
  scan: string,
  labels: string | undefined,
  options: ViewArguments,
  terminal: Terminal,
): Promise<number> {
  const port = options.port === undefined ? 0 : parsePort(options.port);
  const server = await serveFiles(filesToServe(scan, labels, options), port);
  terminal.print(server.address);
  terminal.remark("Ctrl-C ends it");
  if (options.open) openBrowser(server.address, terminal);
  // The server keeps the process alive; a signal ends it.
  return new Promise(() => undefined);
}

function filesToServe(scan: string, labels: string | undefined, { names }: ViewArguments): ServedFiles {
  const bytes = readFileBytes(scan);
  const volume = readNifti(bytes, scan);
  const given = names === undefined ? noNames : readLabelNames(names);
  const map = labels === undefined ? undefined : readLabelMap(labels);
  if (map) requireSameGrid({ grid: volume.grid, path: scan }, map);
  const viewed = map && viewedMap(map, joinNames(given, map.names));
  // By content: the page's reader goes by the ending.
  const scanName = `scan.nii${isGzip(bytes) ? ".gz" : ""}`;
  const settings: ViewerSettings = {
    title: [scan, ...(labels === undefined ? [] : [labels])]
      .map((path) => basename(resolve(path)))
      .join(" · "),
    scan: scanName,
    ...(viewed ? { labels: "labels.nii" } : {}),
    window: greyWindow(volume.data),
    entries: viewed?.entries ?? [],
  };
  const volumeType = "application/octet-stream";
  return new Map([
    ["", { type: "text/html; charset=utf-8", bytes: page("index.html") }],
    ["viewer.css", { type: "text/css; charset=utf-8", bytes: page("viewer.css") }],
    ["viewer.js", { type: "text/javascript; charset=utf-8", bytes: page("viewer.js") }],
    [
      "settings.json",
      { type: "application/json", bytes: new TextEncoder().encode(JSON.stringify(settings)) },
    ],
    [scanName, { type: volumeType, bytes }],
    ...(map && viewed
      ? ([["labels.nii", { type: volumeType, bytes: encodeLabelMap(viewed.places, map, false) }]] as const)
      : []),
  ]);
}

function page(name: string): Uint8Array {
  if (!existsSync(pageFolder + name)) fail(viewerMissing, {}, { path: pageFolder + name });
  return readFileSync(pageFolder + name);
}

function parsePort(text: string): number {
  const port = Number(text);
  return /^\d{1,5}$/.test(text.trim()) && port >= 1 && port <= 65535
    ? port
    : fail(malformedPort, { found: text });
}

/** Asks the system for its browser. Where there is none, the address has been printed. */
function openBrowser(address: string, terminal: Terminal): void {
  const [command, words] =
    process.platform === "darwin"
      ? ["open", [address]]
      : process.platform === "win32"
        ? ["cmd", ["/c", "start", "", address]]
        : ["xdg-open", [address]];
  const child = spawn(command as string, words as string[], { stdio: "ignore", detached: true });
  child.once("error", () => terminal.remark("no browser was found: open the address in one"));
  child.unref();
}
