import { spawnSync } from "node:child_process";
import { expect, test, vi } from "vitest";

// Starting processes takes long on a machine that is busy.
vi.setConfig({ testTimeout: 180_000 });

/** Runs the benchmark where no Python has PyTorch. */
function bench(...words: string[]) {
  const env = { ...process.env, SLAB_PYTHON: "no-such-python" };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bench/run.mjs", ...words], {
    encoding: "utf8",
    env,
  });
  return { status, stdout, stderr };
}

test("schedules are measured in turns without Python, and give the same outputs", () => {
  const contenders = "slab:portable slab:norm=reductions";
  const { status, stdout, stderr } = bench(
    ..."ssh-unet --tile 16x16x16 --repeats 2 --matrix 64 --format json --contenders".split(" "),
    contenders,
  );
  expect({ status, progress: stderr.trimEnd().split("\n").at(-1) }).toEqual({
    status: 0,
    progress: expect.stringContaining("round 2 of 2: slab:norm=reductions"),
  });
  const { macs, contenders: rows } = JSON.parse(stdout);
  expect(macs).toBeGreaterThan(1e8);
  expect(rows.map(({ name }: { name: string }) => name)).toEqual(contenders.split(" "));
  expect(rows[0]).toMatchObject({ ratio: 1, memoryRatio: 1, deviation: 0 });
  expect(rows[1].deviation).toBeLessThan(1e-4);
  for (const row of rows) {
    expect(row.fastest).toBeLessThanOrEqual(row.median);
    expect(row.median).toBeLessThanOrEqual(row.slowest);
    // A process with ONNX Runtime in it takes tens of megabytes.
    expect(row.peakBytes).toBeGreaterThan(2e7);
    expect(row.flopsPerSecond).toBeCloseTo((2 * macs) / row.median);
  }
});

test.each([
  ["an unknown network", ["resnet"], "there are ssh-unet, unet3d, vnet"],
  ["an unknown contender", ["--contenders", "keras"], "no contender keras"],
  ["PyTorch without Python", ["--contenders", "eager"], "set SLAB_PYTHON"],
  ["no rounds", ["--repeats", "0"], "a whole number from 1"],
  ["an unknown schedule", ["--tile", "16x16x16", "--contenders", "slab:prtable"], "there is no schedule"],
])("%s is said in a line: exit code 1", (_, words, message) => {
  const { status, stdout, stderr } = bench(...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^bench: /m);
  expect(stderr).toContain(message);
});
