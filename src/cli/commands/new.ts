import { rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileExists, outputEnding } from "../../compiler/diagnostics/catalogue/cli.js";
import { outputUnwritable } from "../../compiler/diagnostics/catalogue/volumes.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";
import { reasonOf, systemCode } from "../../runtime/volume/files.js";
import { requireWritable } from "../files.js";
import { starter } from "../starter.js";
import type { Terminal } from "../terminal.js";

/** `slab new`: writes a network to begin with, never over a file. */
export function createStarter(file: string, terminal: Terminal): number {
  if (!file.endsWith(".slab") || basename(file) === ".slab") {
    fail(outputEnding, { what: "a Slab file", endings: [".slab"], example: "liver.slab" }, { path: file });
  }
  requireWritable([file], []);
  const name = networkName(basename(file, ".slab"));
  try {
    writeFileSync(file, starter(name), { flag: "wx" });
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") fail(fileExists, {}, { path: file });
    rmSync(file, { force: true });
    fail(outputUnwritable, { reason: reasonOf(code) }, { path: file });
  }
  terminal.print(`wrote ${file} with network ${name}; next: slab check ${file}`);
  return 0;
}

/** `liver-lobes` becomes `LiverLobesNet`: with that ending it is never the name of a layer that the file uses. */
export function networkName(fileName: string): string {
  const words = fileName.match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
  const name = /^[A-Z]/.test(joined) ? joined : `My${joined}`;
  return /Net$/i.test(name) ? name : `${name}Net`;
}
