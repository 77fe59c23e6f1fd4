import { request } from "node:http";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, serveFiles } from "../../src/cli/viewer/server.js";
import { SlabFailure } from "../../src/compiler/diagnostics/diagnostic.js";

const files = new Map([
  ["", { type: "text/html; charset=utf-8", bytes: new TextEncoder().encode("<p>page</p>") }],
  ["scan.nii", { type: "application/octet-stream", bytes: Uint8Array.of(1, 2, 3) }],
]);
let server: RunningServer;
beforeAll(async () => {
  server = await serveFiles(files, 0);
});
afterAll(() => server.close());

function ask(path: string, { host = new URL(server.address).host, method = "GET" } = {}) {
  const { hostname, port } = new URL(server.address);
  return new Promise<{ status: number | undefined; type: string | undefined; body: string; headers: object }>(
    (resolve, reject) => {
      // fetch sets the Host header itself, and tidies paths.
      const sent = request({ hostname, port, path, method, headers: { host } }, (response) => {
        let body = "";
        response.setEncoding("latin1").on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            type: response.headers["content-type"],
            body,
            headers: response.headers,
          }),
        );
      });
      sent.on("error", reject).end();
    },
  );
}

const token = () => new URL(server.address).pathname;

test("the page and its files have their types, and are nothing that a browser keeps or guesses", async () => {
  expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  expect(await ask(token())).toMatchObject({
    status: 200,
    type: "text/html; charset=utf-8",
    body: "<p>page</p>",
  });
  expect(await ask(`${token()}scan.nii?1`)).toMatchObject({
    status: 200,
    type: "application/octet-stream",
    body: "\u0001\u0002\u0003",
    headers: {
      "content-length": "3",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    },
  });
  expect(await ask(token(), { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
});

test.each([
  ["without the token", () => "/"],
  ["with another token", () => `/${"a".repeat(32)}/`],
  ["with a part of the token", () => `${token().slice(0, -2)}/`],
  ["with a file that is not served", () => `${token()}package.json`],
  ["with a way up", () => `${token()}../../etc/passwd`],
  ["with a hidden way up", () => `${token()}%2e%2e%2fetc%2fpasswd`],
  ["with a folder", () => `${token()}scan.nii/`],
  ["of an object's own members", () => `${token()}constructor`],
])("a path %s leads nowhere", async (_, path) => {
  expect(await ask(path())).toMatchObject({ status: 404, body: "nothing is here" });
});

test("another host's name is refused, as is anything but reading", async () => {
  const { port } = new URL(server.address);
  expect(await ask(token(), { host: `localhost:${port}` })).toMatchObject({ status: 200 });
  for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", "127.0.0.1:1"]) {
    expect(await ask(token(), { host }), host).toMatchObject({ status: 403 });
  }
  expect(await ask(token(), { method: "POST" })).toMatchObject({ status: 405 });
});

test("a port in use is a diagnostic", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  try {
    await expect(serveFiles(files, port)).rejects.toThrow(SlabFailure);
    await expect(serveFiles(files, port)).rejects.toThrow("SLAB6055");
  } finally {
    other.close();
  }
});
