import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { load } from "./load.js";

// Starting processes takes long on a machine that is busy.
vi.setConfig({ testTimeout: 180_000 });

const { agreement, evaluate, settingOf, showCase, showSetting } = await load("gpu/result.mjs");
const { deviation } = await load("result.mjs");
const { describeCard, watchCard } = await load("gpu/card-memory.mjs");
const { adviceFor, findCuda, onnxruntimeVersion } = await load("gpu/cuda-provider.mjs");
const { lackingForTorch } = await load("gpu/what-is-here.mjs");

let folder = "";
const folders: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slab-bench-test-"));
  folders.push(folder);
});
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

describe("figures", () => {
  test("the largest deviation; NaN is larger than any, wherever it is, and so is another number of values", () => {
    expect(deviation([1, 2, 3], [1, 2.5, 2.9])).toBe(0.5);
    expect(deviation([1, Number.NaN, 3], [1, 2, 9])).toBeNaN();
    expect(deviation([1, 2], [1, 2, 3])).toBeNaN();
  });

  test("the share of labels that are the same", () => {
    expect(agreement([1, 2, 3, 4], [1, 2, 0, 4])).toBe(0.75);
    expect(agreement([1], [1, 2])).toBeNaN();
  });

  test("the setting names the card, not the number that an option asks for", () => {
    const card = { name: "A Card", driver: "580.1", used: 0 };
    const setting = settingOf({ card: 0, rounds: 3, repeats: 5 }, card, { node: "20" }, {});
    expect(showSetting(setting)).toMatch(
      /^\d{4}-\d\d-\d\d, A Card, driver 580\.1\nnode 20\n.*3 rounds of 5 passes$/,
    );
    expect(showSetting(settingOf({ card: 0 }, undefined, {}, {}))).toContain(", no NVIDIA card");
  });

  const work = { macs: 5e9, bytes: 4e9 };
  const rates = { card: { float32: 1e12, float16: 4e12, copy: 1e12 } };
  const one = { on: "card", precision: "float32", deviation: 0, agreement: 1 };

  test("ratios are of the same round; shares are of what the card reaches; float16 moves half of the bytes", () => {
    const measured = [
      { ...one, name: "a", rounds: [[0.1, 0.1, 0.4], [0.2]] },
      { ...one, name: "b", precision: "float16", rounds: [[0.05], [0.1]], peak: 3e9 },
      { name: "c", failure: "out of memory", rounds: [] },
    ];
    const [a, b, c] = evaluate(measured, work, rates, "b");
    expect([a.ratio, b.ratio]).toEqual([2, 1]);
    expect(a).toMatchObject({ relativeTo: "b", fastest: 100, slowest: 400 });
    expect(a.milliseconds).toBeCloseTo(150);
    // 10 GFLOP in 75 ms, of 4 TFLOP/s; 2 GB of 1 TB/s.
    expect(b.shareOfProducts).toBeCloseTo(1e10 / 0.075 / 4e12);
    expect(b.shareOfCopies).toBeCloseTo(2e9 / 0.075 / 1e12);
    expect(b.peakBytes).toBe(3e9);
    expect(c).toEqual({ name: "c", failure: "out of memory" });
  });

  test("where what times should be relative to did not run, the first that did is; rates that are not known are none", () => {
    const measured = [
      { name: "a", failure: "no", rounds: [] },
      { ...one, name: "b", on: "processor", rounds: [[1]] },
    ];
    const [, b] = evaluate(measured, work, rates, "a");
    expect(b).toMatchObject({ ratio: 1, relativeTo: "b", shareOfProducts: undefined });
  });

  test("a row for each, also for one that failed, and a sentence for what was left out", () => {
    const measured = [
      { ...one, name: "a", rounds: [[0.1]], deviation: Number.NaN, peak: 2e9 },
      { name: "b", failure: "x | y", rounds: [] },
    ];
    const result = {
      network: "unet3d",
      tile: "8x8x8",
      macs: 5e9,
      contenders: evaluate(measured, work, rates),
      leftOut: [{ names: ["c", "d"], reason: "no card" }],
    };
    const text = showCase("table", result);
    expect(text).toContain("unet3d 8x8x8: 5.0 GMACs. Time is relative to a.");
    expect(text).toMatch(/^a +1\.00 +100\.0 ms +100\.0 to 100\.0 ms +2\.00 GB +10 % +4 % +NaN +100\.000 %$/m);
    expect(text).toMatch(/^b +failed: x \/ y$/m);
    expect(text).toContain("left out c, d: no card");
    const rows = showCase("markdown", result)
      .split("\n")
      .filter((line: string) => line.startsWith("|"));
    expect(rows.map((row: string) => row.split("|").length)).toEqual([11, 11, 11, 11]);
  });
});

describe("the card's memory", () => {
  const path = process.env.PATH;
  afterAll(() => {
    process.env.PATH = path;
  });

  /** An nvidia-smi whose used memory, in MiB, is what a file says. */
  function pretend(used: string) {
    const file = join(folder, "used");
    writeFileSync(file, used);
    const program = join(folder, "nvidia-smi");
    writeFileSync(
      program,
      `#!/bin/sh
echo "$@" >> "${folder}/asked"
case "$*" in
  *-lms*) while :; do cat "${file}"; echo; sleep 0.02; done ;;
  *name*) echo "A Card, 580.1, $(cat "${file}")" ;;
esac
`,
    );
    chmodSync(program, 0o755);
    process.env.PATH = `${folder}${delimiter}${path}`;
    return { set: (value: string) => writeFileSync(file, value) };
  }

  test("is the most that was used beyond what was used before", async () => {
    const card = pretend("100");
    expect(describeCard(1)).toEqual({ name: "A Card", driver: "580.1", used: 100 * 2 ** 20 });
    const watch = watchCard(1);
    card.set("900");
    await new Promise((resolve) => setTimeout(resolve, 500));
    card.set("300");
    expect(watch.stop()).toBe(800 * 2 ** 20);
    expect(watch.stop()).toBe(800 * 2 ** 20);
    expect(readFileSync(join(folder, "asked"), "utf8")).toMatch(/^-i 1 --query-gpu=name/);
  });

  test("what is held at the end counts, whether or not nvidia-smi said it meanwhile", () => {
    const card = pretend("100");
    const watch = watchCard(0);
    card.set("700");
    expect(watch.stop()).toBe(600 * 2 ** 20);
  });

  test("is not known where nvidia-smi does not say, or is not there", () => {
    pretend("[N/A]");
    expect(watchCard(0).stop()).toBeUndefined();
    process.env.PATH = folder;
    rmSync(join(folder, "nvidia-smi"));
    expect(describeCard(0)).toBeUndefined();
  });

  test("the card is asked for by the name that CUDA_VISIBLE_DEVICES gives its number", () => {
    pretend("100");
    vi.stubEnv("CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b");
    describeCard(1);
    vi.unstubAllEnvs();
    expect(readFileSync(join(folder, "asked"), "utf8")).toMatch(/^-i GPU-b /);
  });
});

describe("CUDA's libraries", () => {
  const provider = { what: "ONNX Runtime's CUDA provider", lookedFor: "provider.so", help: "" };
  const cublas = { what: "a library of CUDA", lookedFor: "libcublas.so.13", help: "install CUDA 13" };
  const names = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

  /** A machine that has the provider only in a folder of the path, and CUDA only in Python's wheels. */
  const missingWith = (path: string) => {
    const places = path.split(delimiter);
    const has = places.some((place) => names.every((name) => existsSync(join(place, name))));
    return [...(has ? [] : [provider]), ...(places.includes("/wheels/cublas") ? [] : [cublas])];
  };
  const python = { cards: 1, libraries: ["/wheels/cublas"], providers: [] as string[], onnxruntimeGpu: null };
  const put = (place: string) => {
    mkdirSync(place, { recursive: true });
    for (const name of names) writeFileSync(join(place, name), "");
  };

  test("come from Python's wheels, the provider from PyPI; it is kept for the next time", async () => {
    const cache = join(folder, "cache");
    const fetch = vi.fn(put);
    const first = await findCuda({ missingWith, python, fetch, folder: cache });
    expect(first.missing).toEqual([]);
    expect(first.libraryPath.split(delimiter)).toEqual(expect.arrayContaining([cache, "/wheels/cublas"]));
    expect(readdirSync(cache)).toContain("libonnxruntime.so.1");
    expect((await findCuda({ missingWith, python, fetch, folder: cache })).missing).toEqual([]);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("the provider of Python's onnxruntime-gpu is taken where it is of the same version", async () => {
    const capi = join(folder, "capi");
    put(capi);
    const same = { ...python, providers: [capi], onnxruntimeGpu: onnxruntimeVersion };
    expect(await findCuda({ missingWith, python: same, folder: join(folder, "a") })).toMatchObject({
      missing: [],
    });
    const other = { ...same, onnxruntimeGpu: "1.0.0" };
    const { missing } = await findCuda({ missingWith, python: other, folder: join(folder, "b") });
    expect(missing).toContain(provider);
  });

  test("what fails is said with a command that helps", async () => {
    const fetch = () => Promise.reject(new Error("no network"));
    const found = await findCuda({ missingWith, python, fetch, folder: join(folder, "c") });
    expect(adviceFor(found)).toMatch(
      /^ONNX Runtime's CUDA provider is missing \(provider\.so\); getting it from PyPI failed \(no network\): `ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` .*docs\/gpu\.md/,
    );
    expect(adviceFor({ missing: [cublas] })).toBe(
      "a library of CUDA is missing (libcublas.so.13): install CUDA 13",
    );
  });

  test("nothing is fetched without a driver, or where PyTorch sees no card", async () => {
    const fetch = vi.fn(put);
    const driver = { what: "NVIDIA's driver", lookedFor: "libcuda.so.1", help: "install it" };
    await findCuda({ missingWith: () => [driver, provider], python, fetch, folder });
    await findCuda({ missingWith, python: { ...python, cards: 0 }, fetch, folder });
    await findCuda({ missingWith, python: undefined, fetch, folder });
    expect(fetch).not.toHaveBeenCalled();
  });
});

test.each([
  ["Python", undefined, "cpu", "pip install torch numpy"],
  ["a card", { torch: "2.13.0+cpu", cards: 0 }, "cuda", "torch 2.13.0+cpu finds no NVIDIA card"],
  ["the card of that number", { cards: 2 }, "cuda", "torch sees 2 cards"],
  ["MONAI", { cards: 4 }, "cuda", "py has no monai: pip install 'monai>=1.5'"],
  ["a newer MONAI", { cards: 4, monai: "1.4.0" }, "cuda", "py has monai 1.4.0"],
])("PyTorch without %s is left out with a sentence", (_, found, device, sentence) => {
  expect(lackingForTorch("py", found, { device, card: 3, network: { monai: true } })).toContain(sentence);
});

test("PyTorch with all that it needs is not left out", () => {
  const found = { cards: 1, monai: "1.5.2" };
  expect(lackingForTorch("py", found, { device: "cuda", card: 0, network: { monai: true } })).toBeUndefined();
});

describe("the command", () => {
  const environment = () => {
    return {
      ...process.env,
      SLAB_PYTHON: "no-such-python",
      VK_DRIVER_FILES: "/no/driver.json",
      TMPDIR: folder,
    };
  };
  const bench = (...words: string[]) => {
    return spawnSync(process.execPath, ["bench/gpu/run.mjs", ...words], {
      encoding: "utf8",
      env: environment(),
    });
  };

  test("measures Slab alone where there is neither a card nor Python, and says what is left out", () => {
    const { status, stdout, stderr } = bench(
      ..."ssh-unet:16x16x16 --rounds 1 --repeats 2 --warmup 1 --format json --contenders".split(" "),
      "slab:cpu:float32 slab:cpu:float16:norm=reductions slab:cpu:float32:prtable slab:webgpu:float32 torch:cpu:eager",
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { cases, leftOut, versions, rates, date } = JSON.parse(stdout);
    expect(versions).toMatchObject({ "onnxruntime-node": expect.stringMatching(/^\d+\.\d+/) });
    expect({ rates, date }).toEqual({ rates: {}, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(leftOut).toEqual([
      { names: ["slab:webgpu:float32"], reason: expect.stringContaining("/no/driver.json") },
      { names: ["torch:cpu:eager"], reason: expect.stringContaining("set SLAB_PYTHON") },
    ]);
    expect(stderr).toContain("left out torch:cpu:eager: no-such-python has no torch");
    const [{ network, macs, contenders }] = cases;
    expect({ network, macs: macs > 1e8 }).toEqual({ network: "ssh-unet", macs: true });
    const [float32, float16, wrong] = contenders;
    expect(float32).toMatchObject({ ratio: 1, deviation: 0, agreement: 1, relativeTo: "slab:cpu:float32" });
    expect(float16.deviation).toBeGreaterThan(0);
    expect(float16.deviation).toBeLessThan(0.1);
    expect(float16.agreement).toBeGreaterThan(0.98);
    expect(wrong.failure).toContain("there is no schedule");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ["an unknown network", ["resnet"], "there are ssh-unet, unet3d, vnet, swin-unetr"],
    ["an unknown contender", ["--contenders", "slab:cuda:int8"], "no contender slab:cuda:int8"],
    ["a device named as what every object has", ["--contenders", "slab:toString:x"], "no contender"],
    ["a tile that the network can't have", ["ssh-unet:33x32x32"], "32x32x32 and 48x32x32 are"],
    ["a time limit of nothing", ["--limit", "0"], "--limit takes a whole number from 1"],
    ["a rival that does not take part", ["--against", "torch:cpu:eager"], "one of the contenders"],
    ["an unknown format", ["--format", "html"], "no format html"],
    [
      "nothing that could be measured",
      ["ssh-unet:16x16x16", "--contenders", "torch:cuda:eager"],
      "nothing to",
    ],
  ])("%s is said in a line: exit code 1", (_, words, message) => {
    const { status, stdout, stderr } = bench(...words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^bench: /m);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  });

  test("fails where every contender does, after it has said how", () => {
    const { status, stdout, stderr } = bench("ssh-unet:16x16x16", "--contenders", "slab:cpu:float32:prtable");
    expect(status).toBe(1);
    expect(stdout).toContain("failed: error[SLAB7100]");
    expect(stderr).toContain("bench: every contender failed");
  });

  test.skipIf(process.platform !== "linux")(
    "told to end, it takes its workers and files with it",
    async () => {
      const words =
        "bench/gpu/run.mjs ssh-unet:16x16x16 --contenders slab:cpu:float32 --repeats 100000".split(" ");
      const child = spawn(process.execPath, words, {
        env: environment(),
        stdio: ["ignore", "ignore", "pipe"],
      });
      await untilSays(child, "to compare with");
      await expect.poll(() => workersIn(folder), { timeout: 60_000 }).toBeGreaterThan(0);
      const code = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      expect(await code).toBe(143);
      await expect.poll(() => workersIn(folder), { timeout: 20_000 }).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

function untilSays(child: ChildProcess, text: string) {
  return new Promise<void>((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (part) => {
      said += part;
      if (said.includes(text)) resolve();
    });
    child.on("exit", () => reject(new Error(said)));
  });
}

/** How many workers were told of a folder. */
function workersIn(place: string): number {
  const lines = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return lines.filter((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return line.includes(place) && line.includes("slab-worker");
    } catch {
      return false;
    }
  }).length;
}
