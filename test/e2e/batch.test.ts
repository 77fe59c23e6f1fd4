import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readNiftiFile } from "../../src/runtime/index.js";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const { slab, path } = folder;
const all = ["scans/a.nii.gz", "scans/b.nii", "scans/c.nii.gz"];

beforeAll(() => {
  slab(["new", "liver.slab"]);
  slab(["compile", "liver.slab", "-o", "liver.onnx", "--tile", "12x12x12", "--init", "seeded"]);
  for (const name of ["scans", "other", "full"]) mkdirSync(path(name));
  folder.writeScan("scans/a.nii.gz", [20, 16, 12]);
  folder.writeScan("scans/b.nii", [12, 12, 12]);
  folder.writeScan("scans/c.nii.gz", [9, 13, 12]);
  folder.writeScan("other/a.nii", [12, 12, 12]);
  folder.write("scans/cut.nii.gz", readFileSync(path("scans/a.nii.gz")).subarray(0, 900));
  folder.write("scans/empty.nii.gz", "");
});

const lines = (name: string) =>
  readFileSync(path(name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("a batch", () => {
  test("does every scan in one folder, sums up, and logs each as a line of JSON", () => {
    const words = ["run", "liver.onnx", ...all, "-o", "done/", "--log", "done.jsonl", "--profile"];
    const { exitCode, output, errors } = slab(words);
    expect(exitCode).toBe(0);
    expect(errors).toContain("[2/3] scans/b.nii: 1 tile to do");
    expect(output).toMatch(/^scans\/a\.nii\.gz +done +6 +[\d.]+ +2$/m);
    expect(output).toContain("3 done");
    expect(output).toMatch(/^network +[\d.]+ +[\d.]+$/m);
    const alone = slab(["run", "liver.onnx", "scans/a.nii.gz", "-o", "alone.nii.gz", "--quiet"]);
    expect(alone).toEqual({ exitCode: 0, output: "", errors: "" });
    const [batch, single] = ["done/a.nii.gz", "alone.nii.gz"].map((name) => readNiftiFile(path(name)).data);
    expect(batch).toEqual(single);
    const [start, a, , , end] = lines("done.jsonl");
    expect(start).toMatchObject({ event: "start", network: "liver.onnx", scans: 3 });
    expect(a).toMatchObject({ event: "scan", scan: "scans/a.nii.gz", status: "done", tiles: 6 });
    const voxels = a.labels.reduce((sum: number, label: { voxels: number }) => sum + label.voxels, 0);
    expect(voxels).toBe(20 * 16 * 12);
    expect(end).toMatchObject({ event: "end", scans: 3, failed: 0 });
  });

  test("reports a scan that fails and does the rest: exit code 1", () => {
    const scans = ["scans/cut.nii.gz", "scans/empty.nii.gz", "scans/gone.nii.gz", "scans", "scans/b.nii"];
    const { exitCode, output, errors } = slab([
      "run",
      "liver.onnx",
      ...scans,
      "-o",
      "rest",
      "--log",
      "rest.jsonl",
    ]);
    expect(exitCode).toBe(1);
    for (const code of ["SLAB5008", "SLAB5005", "SLAB5001", "SLAB5002"]) {
      expect(errors).toContain(`error[${code}]`);
      expect(output).toMatch(new RegExp(`failed: ${code}`));
    }
    expect(output).toContain("1 done, 4 failed");
    expect(lines("rest.jsonl").map(({ status }) => status)).toEqual([
      undefined,
      ...Array(4).fill("failed"),
      "done",
      undefined,
    ]);
    expect(existsSync(path("rest/b.nii.gz"))).toBe(true);
    expect(existsSync(path("rest/cut.nii.gz"))).toBe(false);
  });

  test("is resumed: a result is passed over only if this network made it from this scan, with these options", () => {
    const statuses = (words: readonly string[]) => {
      const { output } = slab(["run", "liver.onnx", ...all, "-o", "again", ...words]);
      return all.map((scan) =>
        output.includes(`${scan.padEnd(14)}  finished before`) ? "passed over" : "done",
      );
    };
    const [over, done] = ["passed over", "done"];
    expect(statuses([])).toEqual([done, done, done]);
    expect(statuses(["--resume"])).toEqual([over, over, over]);
    rmSync(path("again/a.nii.gz"));
    writeFileSync(path("again/b.nii.gz"), readFileSync(path("again/b.nii.gz")).subarray(0, 60));
    expect(statuses(["--resume"])).toEqual([done, done, over]);
    expect(statuses(["--resume", "--overlap", "0.25"])).toEqual([done, done, done]);
    expect(statuses(["--resume", "--overlap", "0.25", "--threads", "1"])).toEqual([over, over, over]);
    folder.writeScan("scans/b.nii", [12, 12, 13]);
    expect(statuses(["--resume", "--overlap", "0.25"])).toEqual([over, done, over]);
    slab(["compile", "liver.slab", "-o", "liver.onnx", "--tile", "8x8x8", "--init", "seeded"]);
    expect(statuses(["--resume", "--overlap", "0.25"])).toEqual([done, done, done]);
    slab(["compile", "liver.slab", "-o", "liver.onnx", "--tile", "12x12x12", "--init", "seeded"]);
  });

  test("of a .slab file compiles for each size, and is resumed, too", () => {
    const words = [
      "run",
      "liver.slab",
      "scans/a.nii.gz",
      "scans/c.nii.gz",
      "-o",
      "source",
      "--init",
      "seeded",
    ];
    expect(slab(words).output).toContain("2 done");
    expect(slab([...words, "--resume"]).output).toContain("2 finished before");
    expect(slab([...words, "--resume", "--set", "channels=4"]).output).toContain("2 done");
  });

  test("is resumed only in the same schedule and precision, whatever the schedule's file is called", () => {
    const words = ["run", "liver.slab", "scans/a.nii.gz", "scans/c.nii.gz", "-o", "precise"];
    const statusOf = (...more: string[]) =>
      /(\d \w+)/.exec(slab([...words, "--init", "seeded", "--resume", ...more]).output)?.[1];
    const storeNorm = (norm: string) =>
      writeFileSync(path("tuned.json"), JSON.stringify({ format: 1, schedule: { norm } }));
    expect(statusOf()).toBe("2 done");
    expect(statusOf()).toBe("2 finished");
    expect(statusOf("--precision", "float16")).toBe("2 done");
    storeNorm("native");
    expect(statusOf("--schedule", "tuned.json")).toBe("2 done");
    expect(statusOf("--schedule", "tuned.json")).toBe("2 finished");
    storeNorm("centred");
    expect(statusOf("--schedule", "tuned.json")).toBe("2 done");
  });

  test("takes neither pipes for scans nor for weights, and says what it can't read", () => {
    execFileSync("mkfifo", [path("pipe.nii")]);
    const batch = slab(["run", "liver.onnx", "pipe.nii", "scans/c.nii.gz", "-o", "piped"]);
    expect(batch).toMatchObject({ exitCode: 1, output: expect.stringContaining("1 done, 1 failed") });
    const weights = (file: string) =>
      slab(["run", "liver.slab", "scans/a.nii.gz", "scans/c.nii.gz", "-o", "piped", "--weights", file]);
    expect(weights("pipe.nii").errors).toContain("a pipe, socket or device");
    expect(weights("nowhere.pth").errors).toContain("there is no such file");
    expect(weights("scans").errors).toContain("this is a folder");
    rmSync(path("pipe.nii"));
  });

  test("with wrong weights fails once", () => {
    const words = ["run", "liver.slab", "scans/a.nii.gz", "scans/c.nii.gz", "-o", "wrong", "--weights"];
    const { exitCode, output, errors } = slab([...words, "liver.slab"]);
    expect({ exitCode, output }).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("1 failed, 1 not begun"),
    });
    expect(errors.match(/error\[SLAB4/g)).toHaveLength(1);
  });

  test("goes on where its progress can't be shown", () => {
    const shown = slab(["run", "liver.onnx", "scans/a.nii.gz", "scans/c.nii.gz", "-o", "unseen"], {
      stderr: "/dev/full",
    });
    expect(shown).toMatchObject({ exitCode: 0, output: expect.stringContaining("2 done") });
  });

  test("draws a picture of each scan into a folder", () => {
    expect(
      slab(["run", "liver.onnx", "scans/c.nii.gz", "-o", "done/", "--picture", "pictures/"]).exitCode,
    ).toBe(0);
    expect(readFileSync(path("pictures/c.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("that is interrupted keeps what is finished and leaves nothing else; --resume does the rest", async () => {
    folder.writeScan("scans/large.nii.gz", [72, 72, 72]);
    const scans = ["scans/b.nii", "scans/large.nii.gz"];
    const words = [
      "run",
      "liver.onnx",
      ...scans,
      "-o",
      "interrupted",
      "--overlap",
      "0.8",
      "--log",
      "i.jsonl",
    ];
    const child = spawn(process.execPath, [repositoryFile("bin/slab.js"), ...words], { cwd: path(".") });
    await new Promise<void>((resolve) => {
      child.stderr.on("data", (text: Buffer) => text.includes("[2/2]") && resolve());
      child.on("close", () => resolve());
    });
    child.kill("SIGINT");
    const signal = await new Promise((resolve) => child.on("close", (_, ended) => resolve(ended)));
    expect(signal).toBe("SIGINT");
    expect(existsSync(path("interrupted/b.nii.gz"))).toBe(true);
    expect(execFileSync("ls", ["-A", path("interrupted")], { encoding: "utf8" })).toBe("b.nii.gz\n");
    expect(lines("i.jsonl").map(({ event }) => event)).toEqual(["start", "scan"]);
  });
});

describe("refused before any work, with nothing written", () => {
  test.each([
    ["two scans of one name", ["scans/a.nii.gz", "other/a.nii", "-o", "new/"], "SLAB6021"],
    ["one scan twice", ["scans/a.nii.gz", "scans/a.nii.gz", "-o", "new/"], "SLAB6021"],
    ["several scans for one file", [...all, "-o", "labels.nii.gz"], "SLAB6020"],
    ["pictures of several scans in one file", [...all, "-o", "new/", "--picture", "a.png"], "SLAB6020"],
    ["results over the scans themselves", ["scans/a.nii.gz", "-o", "scans"], "SLAB6008"],
    ["a folder within one that is not there", [...all, "-o", "gone/new/"], "SLAB5020"],
    ["a folder that is a file", [...all, "-o", "liver.onnx/new"], "SLAB5021"],
    ["a file for a folder", [...all, "-o", "liver.slab"], "SLAB6020"],
    ["a folder that nobody can write to", ["scans/a.nii.gz", "-o", "/proc/a.nii.gz"], "SLAB5022"],
    ["a log that is a folder", ["scans/a.nii.gz", "-o", "new/", "--log", "full"], "SLAB5021"],
    ["a log in no folder", ["scans/a.nii.gz", "-o", "new/", "--log", "gone/run.jsonl"], "SLAB5020"],
    ["a log over the scan", ["scans/a.nii.gz", "-o", "new/", "--log", "scans/a.nii.gz"], "SLAB6008"],
    ["a log over the result", ["scans/a.nii.gz", "-o", "l.nii", "--log", "l.nii"], "SLAB6009"],
    ["a precision of a model", ["scans/a.nii.gz", "-o", "l.nii", "--precision", "float16"], "SLAB6012"],
    ["resuming a single scan", ["scans/a.nii.gz", "-o", "l.nii", "--resume"], "SLAB6022"],
    ["memory without a unit", ["scans/a.nii.gz", "-o", "l.nii", "--memory", "4"], "SLAB5200"],
    ["memory in words", ["scans/a.nii.gz", "-o", "l.nii", "--memory", "much"], "SLAB5200"],
    ["no memory", ["scans/a.nii.gz", "-o", "l.nii", "--memory", "0GB"], "SLAB5200"],
    [
      "less memory than the process has",
      ["scans/a.nii.gz", "-o", "l.nii", "--memory", "20MB"],
      "at least 0.",
    ],
    ["a device that does not exist", ["scans/a.nii.gz", "-o", "l.nii", "--device", "cud"], "--device cuda?"],
    ["a card that is no number", ["scans/a.nii.gz", "-o", "l.nii", "--card", "-1"], "SLAB5204"],
    ["axes that the network lacks", ["scans/a.nii.gz", "-o", "l.nii", "--mirror", "x,q"], "SLAB5071"],
    ["a padding of no number", ["scans/a.nii.gz", "-o", "l.nii", "--pad", "constant(x)"], "SLAB5070"],
  ])("%s", (_, words, message) => {
    const before = folder.names();
    const { exitCode, output, errors } = slab(["run", "liver.onnx", ...words]);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
    expect(errors).toContain(message);
    expect(folder.names()).toEqual(before);
  });
});

describe("a disk without room", () => {
  // A limit for the size of files does what a full disk does: what is written stops in the middle.
  const limited = (words: readonly string[]) => {
    const command = `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`;
    const all = ["-c", command, process.execPath, repositoryFile("bin/slab.js"), ...words];
    try {
      return { status: 0, errors: "", output: execFileSync("bash", all, { cwd: path("."), stdio: "pipe" }) };
    } catch (error) {
      const { status, stderr, stdout } = error as { status: number; stderr: Buffer; stdout: Buffer };
      return { status, errors: stderr.toString(), output: stdout };
    }
  };

  test("is an error; what was there stays, nothing half-written is left, and the batch stops", () => {
    writeFileSync(path("full/a.nii"), "what was there");
    const single = limited(["run", "liver.onnx", "scans/a.nii.gz", "-o", "full/a.nii"]);
    expect(single.status).toBe(1);
    expect(single.errors).toContain("SLAB5022");
    expect(readFileSync(path("full/a.nii"), "utf8")).toBe("what was there");
    rmSync(path("full/a.nii"));
    const batch = limited(["run", "liver.onnx", "scans/large.nii.gz", ...all, "-o", "full"]);
    expect(batch.status).toBe(1);
    expect(batch.output.toString()).toContain("1 failed, 3 not begun");
    expect(execFileSync("ls", ["-A", path("full")], { encoding: "utf8" })).toBe("");
  });

  test.skipIf(process.platform !== "linux")("of a log, too", () => {
    expect(statSync("/dev/full").isFile()).toBe(false);
    const { exitCode, errors } = slab([
      "run",
      "liver.onnx",
      "scans/b.nii",
      "-o",
      "l.nii",
      "--log",
      "/dev/full",
    ]);
    expect(exitCode).toBe(1);
    expect(errors).toContain("SLAB5021");
  });
});
