// The demonstration: the commands that a user would type, on a scan that this script makes itself.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const runtime = new URL("../dist/src/runtime/index.js", import.meta.url);
if (!existsSync(runtime)) stop("Slab is not built yet: run `npm run demo`, which builds it first");

const { encodeVolume, makePhantom, writeFileAtomically } = await import(runtime.href);
const folder = "demo-output";
mkdirSync(folder, { recursive: true });
const phantom = makePhantom([96, 96, 96]);
writeFileAtomically(`${folder}/phantom.nii.gz`, encodeVolume(phantom.data, phantom.grid, true));
say(`made ${folder}/phantom.nii.gz: 96x96x96 voxels of 3 mm, a CT-like abdomen`);

slab("check", "examples/ssh-unet/ssh-unet.slab");
slab(
  ..."compile examples/ssh-unet/ssh-unet.slab -o demo-output/ssh-unet.onnx --tile 64x64x64 --init seeded".split(
    " ",
  ),
);
slab(
  ..."run demo-output/ssh-unet.onnx demo-output/phantom.nii.gz -o demo-output/labels.nii.gz".split(" "),
  ..."--intensity window(-200,300) --overlap 0.25 --picture demo-output/labels.png".split(" "),
);

say(`
Look at demo-output/labels.png: three slices through the phantom, with a colour for each label.
Any NIfTI viewer shows demo-output/labels.nii.gz over demo-output/phantom.nii.gz.
The weights were made from their names (--init seeded) and have learnt nothing, so the labels follow the
phantom's shades and edges but name no organs; --weights FILE fills in trained ones.`);

/** Runs the built program as a user would, and shows the command first. */
function slab(...words) {
  say(`\n$ slab ${words.map((word) => (/[()]/.test(word) ? `'${word}'` : word)).join(" ")}`);
  const program = relative(root, fileURLToPath(new URL("../bin/slab.js", import.meta.url)));
  const { status, signal, error } = spawnSync(process.execPath, [program, ...words], { stdio: "inherit" });
  if (error) stop(`could not start slab: ${error.message}`);
  if (signal) stop(`slab ${words[0]} was ended by ${signal}`);
  if (status !== 0) stop(`slab ${words[0]} failed with exit code ${status}`, status);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function stop(message, code = 1) {
  process.stderr.write(`demo: ${message}\n`);
  process.exit(code);
}
