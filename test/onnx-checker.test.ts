import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { checkNetwork, emitModel } from "../src/compiler/index.js";
import { repositoryHost } from "./support/host.js";
import { pythonWithOnnx } from "./support/python.js";

const folder = mkdtempSync(join(tmpdir(), "slab-checker-"));
afterAll(() => rmSync(folder, { recursive: true }));
const python = pythonWithOnnx();
const checker = fileURLToPath(new URL("../scripts/check_onnx.py", import.meta.url));

const ssh = "examples/ssh-unet/ssh-unet.slab";
const meshnet = "examples/meshnet/meshnet.slab";
const models: readonly (readonly [string, readonly string[], readonly number[]])[] = [
  [ssh, [], [96, 96, 96]],
  [ssh, ["classes=5", "width=[8, 16, 24, 32, 40]", "affine=true"], [32, 32, 32]],
  [ssh, ["classes=2", "width=[8, 16, 24]", "fold=1/8"], [24, 16, 40]],
  [ssh, ["width=[8, 16]", "fold=0"], [10, 12, 14]],
  [meshnet, [], [40, 41, 42]],
  [meshnet, ["classes=3", "channels=5", "activation=relu", "dilations=[1, 2]"], [16, 16, 16]],
];

test.skipIf(python === undefined)(
  `ONNX's checker and strict shape inference accept the examples' models${python ? "" : " (skipped: no Python with onnx)"}`,
  () => {
    const files = models.map(([source, settings, tile], index) => {
      const checked = checkNetwork(source, repositoryHost, { settings, tile });
      const { emitted } = emitModel(checked, { kind: "seeded" }, "unused.data");
      const file = join(folder, `${index}.onnx`);
      writeFileSync(file, emitted.model);
      return file;
    });
    const report = execFileSync(python as string, [checker, ...files], { encoding: "utf8" });
    expect(report.trim().split("\n")).toEqual(files.map((file) => `ok   ${file}`));
  },
);
