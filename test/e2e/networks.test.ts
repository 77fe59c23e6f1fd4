import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const { slab } = folder;

beforeAll(() => {
  slab(["new", "liver.slab"]);
  folder.write("two.slab", `${tiny("One")}\n${tiny("Two")}`);
  folder.write("empty.slab", "");
  folder.write("binary.slab", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0));
  folder.write("huge.slab", "// \n".repeat(2 ** 20 + 1));
  folder.write("wrong.slab", tiny("Wrong").replace("Conv(2", "Cnov(2"));
  folder.write("weights.txt", "these are no weights");
  mkdirSync(folder.path("folder.slab"));
});

function tiny(name: string): string {
  return `network ${name} {\n  input scan: float[n, c: 1, x, y, z]\n\n  output scores = scan -> head: Conv(2, 1x1x1)\n}\n`;
}

describe("slab new", () => {
  test("writes a network that is right as it is, in the standard layout", () => {
    const { exitCode, output } = slab(["check", "liver.slab"]);
    expect(exitCode).toBe(0);
    expect(output).toContain("LiverNet is right");
    expect(slab(["fmt", "--check", "liver.slab"])).toEqual({ exitCode: 0, output: "", errors: "" });
  });

  test("never writes over a file", () => {
    const before = readFileSync(folder.path("two.slab"), "utf8");
    const { exitCode, errors } = slab(["new", "two.slab"]);
    expect(exitCode).toBe(1);
    expect(errors).toContain("SLAB6011");
    expect(readFileSync(folder.path("two.slab"), "utf8")).toBe(before);
  });

  test("wants a name that ends in .slab", () => {
    expect(slab(["new", "liver.txt"]).errors).toContain("must end in .slab");
    expect(existsSync(folder.path("liver.txt"))).toBe(false);
  });
});

describe("slab check", () => {
  test("says parameters, types and the sizes that SSH-UNet takes", () => {
    const { exitCode, output, errors } = slab(["check", repositoryFile("examples/ssh-unet/ssh-unet.slab")]);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
    expect(output).toContain(
      "SSHUNet is right: 6,480,208 parameters, volume float[n, c: 1, x, y, z] -> logits float[n, c: 16, x, y, z]",
    );
    expect(output).toContain("takes x, y and z divisible by 16");
  });

  test("checks every network of every file, or the one that is named", () => {
    expect(slab(["check", "two.slab", "liver.slab"]).output.match(/ is right/g)).toHaveLength(3);
    expect(slab(["check", "two.slab", "--network", "Two"]).output).toMatch(/^two\.slab: Two is right/);
  });

  test("applies settings, several in one option or in several", () => {
    const apart = slab(["check", "liver.slab", "--set", "classes=3", "--set", "channels=8"]);
    expect(apart.output).toContain("c: 3");
    expect(slab(["check", "liver.slab", "--set", "classes=3,channels=8"])).toEqual(apart);
    const lists = [
      "check",
      repositoryFile("examples/ssh-unet/ssh-unet.slab"),
      "--set",
      "width=[4,8],classes=2",
    ];
    expect(slab(lists).output).toContain("divisible by 2");
  });

  test("reports what is wrong in all files, and still says which are right", () => {
    const { exitCode, output, errors } = slab(["check", "wrong.slab", "liver.slab", "gone.slab"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("LiverNet is right");
    expect(errors).toContain("wrong.slab:4:33");
    expect(errors).toContain("gone.slab");
    expect(errors).toMatch(/\n\n2 errors\n$/);
    expect(errors).not.toContain("\u001b");
  });

  test("gives the same as JSON, all of it on standard output", () => {
    const { exitCode, output, errors } = slab(["check", "--json", "wrong.slab", "two.slab"]);
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: "" });
    const { networks, diagnostics } = JSON.parse(output);
    expect(networks.map(({ network }: { network: string }) => network)).toEqual(["One", "Two"]);
    expect(diagnostics).toMatchObject([{ severity: "error", file: "wrong.slab", start: { line: 4 } }]);
  });

  test.each([
    ["a file that is not there, with the one that was meant", "livr.slab", "did you mean liver.slab?"],
    ["an empty file", "empty.slab", "empty.slab"],
    ["a file that is no text", "binary.slab", "gzip"],
    ["a file of megabytes", "huge.slab", "SLAB6004"],
    ["a folder", "folder.slab", "this is a folder"],
  ])("refuses %s", (_, file, message) => {
    const { exitCode, output, errors } = slab(["check", file]);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
    expect(errors).toContain(message);
  });

  test.each(["96x96", "0x8x8", "8x8x-8", "99999999999999999999x8x8", "x", "8,8,8"])(
    "refuses --tile %s",
    (tile) => {
      const { exitCode, errors } = slab(["check", "liver.slab", "--tile", tile]);
      expect(exitCode).toBe(1);
      expect(errors).toContain("tile");
    },
  );

  test("uses files below the main file's folder, and none outside of it, also not through a link", () => {
    mkdirSync(folder.path("inner/deeper"), { recursive: true });
    const layer = "layer Head(classes: int) { output input -> conv: Conv(classes, 1x1x1) }\n";
    folder.write("outside.slab", layer);
    folder.write("inner/deeper/head.slab", layer);
    symlinkSync("../outside.slab", folder.path("inner/link.slab"));
    const main = (used: string) =>
      `use "${used}" { Head }\n\n${tiny("Main").replace("head: Conv(2, 1x1x1)", "head: Head(2)")}`;
    folder.write("inner/good.slab", main("./deeper/head.slab"));
    folder.write("inner/up.slab", main("../outside.slab"));
    folder.write("inner/linked.slab", main("./link.slab"));
    expect(slab(["check", "inner/good.slab"])).toMatchObject({ exitCode: 0, errors: "" });
    for (const file of ["inner/up.slab", "inner/linked.slab"]) {
      expect(slab(["check", file])).toMatchObject({
        exitCode: 1,
        errors: expect.stringContaining("SLAB2005"),
      });
    }
  });
});

describe("slab fmt", () => {
  const crowded = tiny("Crowded").replace("network Crowded {", "network   Crowded{");

  test("rewrites a file once, and leaves it alone from then on", () => {
    folder.write("crowded.slab", crowded);
    expect(slab(["fmt", "--check", "crowded.slab"])).toMatchObject({ exitCode: 1, output: "crowded.slab\n" });
    expect(readFileSync(folder.path("crowded.slab"), "utf8")).toBe(crowded);
    expect(slab(["fmt", "crowded.slab"])).toMatchObject({ exitCode: 0, output: "formatted crowded.slab\n" });
    expect(readFileSync(folder.path("crowded.slab"), "utf8")).toContain("network Crowded {");
    expect(slab(["fmt", "crowded.slab"])).toEqual({ exitCode: 0, output: "", errors: "" });
  });

  test("reads standard input for -", () => {
    const { exitCode, output } = slab(["fmt", "-"], { input: crowded });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: tiny("Crowded") });
  });

  test("leaves a file that it can't read as it is, and formats the others", () => {
    folder.write("broken.slab", "network {");
    folder.write("crowded.slab", crowded);
    const { exitCode, errors } = slab(["fmt", "broken.slab", "crowded.slab"]);
    expect(exitCode).toBe(1);
    expect(errors).toContain("broken.slab");
    expect(readFileSync(folder.path("broken.slab"), "utf8")).toBe("network {");
    expect(readFileSync(folder.path("crowded.slab"), "utf8")).toBe(tiny("Crowded"));
  });
});

describe("slab compile", () => {
  const compile = (...words: string[]) => slab(["compile", "liver.slab", "-o", ...words]);
  const seeded = ["--tile", "8x8x8", "--init", "seeded"];

  test("writes a model that slab inspect can read", () => {
    const { exitCode, output, errors } = compile("liver.onnx", ...seeded, "--set", "classes=5");
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
    expect(output).toMatch(/^liver\.onnx: .+ kB, LiverNet: [\d,]+ parameters, \d+ operations\n$/);
    const inspected = slab(["inspect", "liver.onnx", "--parameters", "--nodes"]);
    expect(inspected).toMatchObject({ exitCode: 0, errors: "" });
    expect(inspected.output).toContain("logits float[n: 1, c: 5, x: 8, y: 8, z: 8]");
    expect(inspected.output).toContain("classes = 5");
    expect(inspected.output).toMatch(/^stem\.weight +16x1x1x3x3 +float$/m);
    expect(inspected.output).toMatch(/^block\.1\.conv2.* Conv +float\[1, 16, /m);
  });

  test.each([
    ["no sizes", ["--init", "seeded"], "--tile 96x96x96"],
    ["a setting that the network lacks", [...seeded, "--set", "clases=3"], "did you mean classes?"],
    ["a checkpoint block that is not there", [...seeded, "--checkpoint", "authors"], "no checkpoint authors"],
    ["weights that are none", ["--tile", "8x8x8", "--weights", "weights.txt"], "weights.txt"],
    [
      "weights that are not there",
      ["--tile", "8x8x8", "--weights", "weight.txt"],
      "did you mean weights.txt?",
    ],
    ["a batch that is no number", [...seeded, "--batch", "many"], "--batch takes a whole number"],
  ])("refuses %s and writes nothing", (_, words, message) => {
    const before = folder.names();
    const { exitCode, output, errors } = compile("refused.onnx", ...words);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
    expect(errors).toContain(message);
    expect(folder.names()).toEqual(before);
  });

  test("never writes over its input, whatever it is called", () => {
    const before = readFileSync(folder.path("liver.slab"), "utf8");
    expect(compile("./folder.slab/../liver.slab", ...seeded).errors).toContain("SLAB6008");
    expect(readFileSync(folder.path("liver.slab"), "utf8")).toBe(before);
  });

  test("says when the place to write to is not there, or a folder", () => {
    expect(compile("gone/model.onnx", ...seeded)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining("mkdir -p gone"),
    });
    expect(compile("folder.slab", ...seeded)).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining("SLAB5021"),
    });
  });

  test("chooses among the networks of a file by name", () => {
    const words = ["compile", "two.slab", "-o", "two.onnx", ...seeded];
    expect(slab(words).errors).toContain("several networks");
    expect(slab(["compile", "two.slab", "Two", ...words.slice(2)]).output).toContain("Two:");
  });
});

describe("slab inspect", () => {
  test("counts more operations than a double can", () => {
    const convs = Array.from({ length: 4 }, (_, i) => `c${i}: Conv(1024, 3x3x3)`).join(" -> ");
    folder.write(
      "vast.slab",
      `network Net {\n  input a: float[n, c: 1024, x, y, z]\n  output b = a -> ${convs}\n}\n`,
    );
    const { exitCode, output } = slab(["inspect", "vast.slab", "--tile", "800x800x800"]);
    const macs = (4n * 1024n * 1024n * 27n * 800n ** 3n).toLocaleString("en");
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining(macs) });
  });

  test("says what a network costs, before and after its sizes are known", () => {
    expect(slab(["inspect", "two.slab", "--network", "One"]).output).toMatch(/^MACs +2 for each voxel$/m);
    expect(slab(["inspect", "two.slab", "--network", "One", "--tile", "10x10x10"]).output).toMatch(
      /^MACs +2,000$/m,
    );
  });

  test("refuses a batch that the network does not have", () => {
    folder.write(
      "one.slab",
      "network Net {\n  input a: float[n: 1, c: 1, x, y, z]\n  output b = a -> ReLU\n}\n",
    );
    const tile = ["one.slab", "--tile", "4x4x4", "--batch"];
    for (const command of ["inspect", "report", "draw"]) {
      const output = command === "draw" ? ["-o", "d.svg"] : [];
      const { exitCode, errors } = slab([command, ...tile, "7", ...output]);
      expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: expect.stringContaining("SLAB2223") });
    }
    expect(slab(["inspect", ...tile, "1"]).exitCode).toBe(0);
    expect(slab(["inspect", "two.slab", "--network", "One", "--batch", "3"]).output).toContain(
      "float[n: 3, c: 1, x",
    );
  });

  test("refuses what is neither, and settings for a model that is compiled already", () => {
    folder.write("broken.onnx", Uint8Array.of(8, 10, 0x3a, 0xff, 0xff));
    expect(slab(["inspect", "broken.onnx"])).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining("SLAB6016"),
    });
    slab(["compile", "liver.slab", "-o", "again.onnx", "--tile", "4x4x4", "--init", "seeded"]);
    const { exitCode, errors } = slab(["inspect", "again.onnx", "--set", "classes=3"]);
    expect(exitCode).toBe(1);
    expect(errors).toContain("--set cannot change a compiled model");
  });

  test("says that its output can't be written", () => {
    const { exitCode, errors } = slab(["inspect", "two.slab", "--network", "One"], { stdout: "/dev/full" });
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: expect.stringContaining("error[SLAB6017]") });
  });

  test("ends when it is interrupted, whatever it computes, and leaves nothing", async () => {
    const sizes = Array.from({ length: 3 }, (_, index) => ["--set", `width[${index}]=8..256:8`]).flat();
    const words = ["sweep", repositoryFile("examples/ssh-unet/ssh-unet.slab"), ...sizes, "-o", "all.csv"];
    const child = spawn(process.execPath, [repositoryFile("bin/slab.js"), ...words], {
      cwd: folder.path("."),
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(child.exitCode).toBe(null);
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)))).toBe("SIGTERM");
    expect(folder.names().filter((name) => name.startsWith("all.csv"))).toEqual([]);
  });

  test("is silent when the reader of its output goes away", async () => {
    const words = [
      "inspect",
      repositoryFile("examples/ssh-unet/ssh-unet.slab"),
      "--tile",
      "16x16x16",
      "--nodes",
    ];
    const child = spawn(process.execPath, [repositoryFile("bin/slab.js"), ...words]);
    child.stdout.destroy();
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const exitCode = await new Promise((resolve) => child.on("close", resolve));
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  });
});

test("the program can be started through a link, as npm installs it", () => {
  symlinkSync(repositoryFile("bin/slab.js"), folder.path("slab-link"));
  expect(
    execFileSync(process.execPath, [folder.path("slab-link"), "--version"], { encoding: "utf8" }),
  ).toMatch(/^slab /);
});
