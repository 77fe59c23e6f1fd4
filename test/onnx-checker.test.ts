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
const nnFormer = "examples/nnformer/nnformer.slab";
const coTr = "examples/cotr/cotr.slab";
const cost = "examples/cost/cost.slab";
const unetr = "examples/unetr/unetr.slab";
const swinUNETR = "examples/swin-unetr/swin-unetr.slab";
const token = ["classes=3", "hidden_size=24", "mlp_dim=40", "num_heads=3", "feature_size=4"];
const narrowCoTr = ["width=[16, 32, 48, 48]", "hidden=32", "depth=2", "classes=3"];

/** Source, settings, tile, and which network of the source where it has several. */
const models: readonly (readonly [string, readonly string[], readonly number[], string?])[] = [
  [ssh, [], [96, 96, 96]],
  [ssh, ["classes=5", "width=[8, 16, 24, 32, 40]", "affine=true"], [32, 32, 32]],
  [ssh, ["classes=2", "width=[8, 16, 24]", "fold=1/8"], [24, 16, 40]],
  [ssh, ["width=[8, 16]", "fold=0"], [10, 12, 14]],
  [meshnet, [], [40, 41, 42]],
  [meshnet, ["classes=3", "channels=5", "activation=relu", "dilations=[1, 2]"], [16, 16, 16]],
  [unetr, token, [32, 16, 48]],
  [unetr, [...token, "proj_type=perceptron", "qkv_bias=true"], [16, 32, 16]],
  [swinUNETR, ["classes=2", "feature_size=12"], [32, 32, 64]],
  [swinUNETR, ["classes=2", "feature_size=12", "use_v2=true", "downsample=mergingv2"], [64, 32, 32]],
  [nnFormer, ["classes=3", "embedding_dim=12", "num_heads=[2, 3, 4, 6]"], [32, 32, 64]],
  [nnFormer, ["embedding_dim=12", "num_heads=[1, 2, 3, 4]", "deep_supervision=true"], [16, 64, 32]],
  [coTr, narrowCoTr, [16, 32, 16]],
  [coTr, [...narrowCoTr, "norm=GN", "deep_supervision=false", "num_heads=3", "points=2"], [8, 16, 32]],
  [cost, [], [3, 16, 20], "CoSTOperation"],
  [cost, ["shares=computed"], [3, 16, 20], "CoSTOperation"],
  [cost, ["classes=4", "blocks=[1, 1, 1, 1]"], [4, 32, 32], "CoSTResNet50"],
];

test.skipIf(python === undefined)(
  `ONNX's checker and strict shape inference accept the examples' models${python ? "" : " (skipped: no Python with onnx)"}`,
  () => {
    const files = models.map(([source, settings, tile, network], index) => {
      const checked = checkNetwork(source, repositoryHost, {
        settings,
        tile,
        ...(network ? { network } : {}),
      });
      const { emitted } = emitModel(checked, { kind: "seeded" }, "unused.data");
      const file = join(folder, `${index}.onnx`);
      writeFileSync(file, emitted.model);
      return file;
    });
    const report = execFileSync(python as string, [checker, ...files], { encoding: "utf8" });
    expect(report.trim().split("\n")).toEqual(files.map((file) => `ok   ${file}`));
  },
);
