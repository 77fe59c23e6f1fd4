import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, vi } from "vitest";
import { encodeVolume, makePhantom } from "../../src/runtime/index.js";

// Starting a process takes long on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const program = fileURLToPath(new URL("../../bin/slab.js", import.meta.url));

/** What a command that has ended left behind. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** What a command reads, and the files that its output goes to instead of the test. */
interface Surroundings {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** A folder of its own in which the built `slab` is run as a user would; it is removed after the tests of the file. */
export function workFolder() {
  const folder = mkdtempSync(join(tmpdir(), "slab-e2e-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (name: string) => join(folder, name),
    write: (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content),
    /** Writes a phantom scan of these sizes. */
    writeScan: (name: string, size: readonly [number, number, number]) => {
      const { data, grid } = makePhantom(size);
      writeFileSync(join(folder, name), encodeVolume(data, grid, name.endsWith(".gz")));
    },
    names: () => readdirSync(folder).sort(),
    slab: (
      words: readonly string[],
      { input = "", env = {}, stdout, stderr }: Surroundings = {},
    ): Outcome => {
      const opened = [stdout, stderr].map((path) => (path === undefined ? "pipe" : openSync(path, "w")));
      const done = spawnSync(process.execPath, [program, ...words], {
        cwd: folder,
        encoding: "utf8",
        input,
        stdio: ["pipe", ...opened],
        env: { ...process.env, SLAB_DEBUG: "", ...env },
      });
      for (const file of opened) if (typeof file === "number") closeSync(file);
      const outcome = { exitCode: done.status, output: done.stdout ?? "", errors: done.stderr ?? "" };
      // Whatever a test is about: no user ever sees a stack trace, or half of a file.
      expect(outcome.errors).not.toMatch(/^\s+at .+:\d+:\d+/m);
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      return outcome;
    },
  };
}

/** The path of a file of this repository. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
