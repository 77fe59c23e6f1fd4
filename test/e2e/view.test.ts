import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, describe, expect, test } from "vitest";
import { encodeVolume, makePhantom } from "../../src/runtime/index.js";
import { repositoryFile, workFolder } from "./program.js";

const folder = workFolder();
const { slab, path } = folder;

/** A phantom, and a label map of it with a box in the liver and one in the left kidney. */
const size = [48, 40, 32] as const;
const { data, grid } = makePhantom(size);
folder.write("scan.nii.gz", encodeVolume(data, grid, true));
const labels = new Int16Array(data.length);
for (let x = 30; x < 42; x++)
  for (let y = 14; y < 30; y++) labels.fill(1, (x * 40 + y) * 32 + 12, (x * 40 + y) * 32 + 24);
for (let x = 8; x < 18; x++)
  for (let y = 8; y < 20; y++) labels.fill(2, (x * 40 + y) * 32 + 4, (x * 40 + y) * 32 + 12);
// Many labels, far apart: tables of colours are where viewers go wrong.
for (let label = 0; label < 120; label++) labels[label * 7] = 300 + 40 * label;
folder.write("labels.nii", encodeVolume(labels, grid, false));
folder.write("other.nii", encodeVolume(makePhantom([8, 8, 8]).data, makePhantom([8, 8, 8]).grid, false));
folder.write("names.json", '{"1": "liver", "2": "kidney"}');

const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts `slab view` and gives the address that it prints. */
async function view(...words: string[]): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [repositoryFile("bin/slab.js"), "view", ...words, "--no-open"], {
    cwd: path("."),
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let text = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.trim());
    });
    child.once("exit", () => reject(new Error(`it ended, having printed ${text}`)));
  });
  return { child, address };
}

test("the page is served until an interrupt ends it", async () => {
  const { child, address } = await view("scan.nii.gz", "labels.nii", "--names", "names.json");
  const get = async (name: string) => (await fetch(address + name)).text();
  expect(await get("")).toContain('<script type="module" src="viewer.js">');
  expect(JSON.parse(await get("settings.json"))).toMatchObject({
    title: "scan.nii.gz · labels.nii",
    scan: "scan.nii.gz",
    labels: "labels.nii",
    entries: expect.arrayContaining([
      expect.objectContaining({ label: 1, name: "liver" }),
      expect.objectContaining({ label: 5060, name: "label 5060" }),
    ]),
  });
  expect((await get("viewer.js")).length).toBeGreaterThan(1e6);
  const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  child.kill("SIGINT");
  expect(await ended).toBe("SIGINT");
  await expect(fetch(address)).rejects.toThrow();
});

test.each([
  ["a missing scan", ["no.nii.gz"], "SLAB5001"],
  ["a label map of another scan", ["scan.nii.gz", "other.nii"], "SLAB530"],
  ["a scan for a label map", ["scan.nii.gz", "scan.nii.gz"], "SLAB5301"],
  ["a port that is none", ["scan.nii.gz", "--port", "99999"], "SLAB6056"],
  ["names that are none", ["scan.nii.gz", "--names", "labels.nii"], "SLAB5306"],
])("slab view: %s is explained", (_, words, code) => {
  const { exitCode, output, errors } = slab(["view", ...words, "--no-open"]);
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
  expect(errors).toContain(code);
});

test("slab picture draws one scan with its labels, some or none", () => {
  for (const words of [
    ["labels.nii", "--slices", "4", "--names", "names.json"],
    ["labels.nii", "--labels", "2"],
    [],
  ]) {
    expect(slab(["picture", "scan.nii.gz", ...words, "-o", "montage.png"])).toMatchObject({
      exitCode: 0,
      output: "",
    });
    expect(existsSync(path("montage.png"))).toBe(true);
  }
});

test.each([
  ["another format", ["scan.nii.gz", "-o", "a.jpg"], "SLAB6010"],
  ["no slices", ["scan.nii.gz", "-o", "a.png", "--slices", "0"], "SLAB6007"],
  ["a window upside down", ["scan.nii.gz", "-o", "a.png", "--window=5,1"], "SLAB6058"],
  ["a label map of another scan", ["scan.nii.gz", "other.nii", "-o", "a.png"], "SLAB530"],
  [
    "an unknown label",
    ["scan.nii.gz", "labels.nii", "-o", "a.png", "--names", "names.json", "--labels", "livr"],
    "did you mean liver?",
  ],
  ["a folder that is not there", ["scan.nii.gz", "-o", "no/a.png"], "SLAB5020"],
])("slab picture: %s is explained", (_, words, message) => {
  const { exitCode, errors } = slab(["picture", ...words]);
  expect(exitCode).toBe(1);
  expect(errors).toContain(message);
});

const browser = [
  process.env.SLAB_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((each) => each !== undefined && existsSync(each));
const absent = browser ? "" : " (skipped: no Chromium; SLAB_CHROMIUM names one)";

describe.skipIf(absent !== "")(`in Chromium${absent}`, () => {
  test("scan and labels are drawn, and a click on a label leads there", async () => {
    const { address } = await view("scan.nii.gz", "labels.nii", "--names", "names.json");
    const profile = mkdtempSync(join(tmpdir(), "slab-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
      ...(browser === undefined ? {} : { executablePath: browser }),
      viewport: { width: 900, height: 600 },
      args: [
        ...["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        ...["--no-first-run", "--disable-background-networking", "--disable-component-update"],
        ...["--disable-sync", "--disable-quic"],
      ],
    });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      page.on("request", (each) => void asked.push(each.url()));
      await page.goto(address);
      await page.waitForSelector("body:not([data-state=loading])", { timeout: 45_000 });
      expect(await page.locator("body").getAttribute("data-state")).toBe("ready");
      await page.getByRole("button", { name: "kidney" }).click();
      await expect.poll(() => page.locator("#place").textContent()).toContain("kidney");
      expect(complaints).toEqual([]);
      // Nothing is fetched from elsewhere.
      expect(asked.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(address))).toEqual([]);

      const png = PNG.sync.read(await page.locator("canvas").screenshot());
      let [red, blue, grey] = [0, 0, 0];
      for (let at = 0; at < png.data.length; at += 4) {
        const [r, g, b] = png.data.subarray(at, at + 3) as unknown as [number, number, number];
        if (r > g + 50 && r > b + 50 && r < 250) red++;
        else if (b > r + 50) blue++;
        else if (r > 60 && r === g && g === b) grey++;
      }
      // Label 1 is red, label 2 blue, the body grey.
      for (const pixels of [red, blue, grey]) expect(pixels).toBeGreaterThan(500);
      // What has no label has no colour.
      expect(red).toBeLessThan(0.2 * png.width * png.height);
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    }
  }, 90_000);
});
