import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { portTaken } from "../../compiler/diagnostics/catalogue/cases.js";
import { fail } from "../../compiler/diagnostics/diagnostic.js";

/** What is served, by name; nothing else can be reached. */
export type ServedFiles = ReadonlyMap<string, { readonly type: string; readonly bytes: Uint8Array }>;

export interface RunningServer {
  /** The page's address, with the secret part. */
  readonly address: string;
  close(): Promise<void>;
}

/** Only this machine can connect. */
const host = "127.0.0.1";

/**
 * The page may load from its own address alone. Niivue makes workers and pictures from data of its own; styles are set on
 * elements.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src blob:",
  "connect-src 'self' data: blob:",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Serves files on this machine, below a path that nobody can guess: `""` is the page. Requests for another host are
 * refused, so that no web page reaches them through a name that it lets point here. Fails with SLAB6055 where the port is
 * taken or not allowed.
 *
 * @param port 0 for any that is free
 */
export async function serveFiles(files: ServedFiles, port: number): Promise<RunningServer> {
  const token = randomBytes(24).toString("base64url");
  const server = createServer((request, response) => answer(request, response, files, token, portOf(server)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE" || error.code === "EACCES") {
      fail(portTaken, {
        port,
        reason: error.code === "EACCES" ? "permission denied" : "another program uses it",
      });
    }
    throw error;
  });
  return {
    address: `http://${host}:${portOf(server)}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function answer(
  { method, url = "", headers }: IncomingMessage,
  response: ServerResponse,
  files: ServedFiles,
  token: string,
  port: number,
): void {
  const refuse = (status: number, text: string) => {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
    response.end(method === "HEAD" ? undefined : text);
  };
  const [, found = "", name = "", ...rest] = (url.split("?", 1)[0] as string).split("/");
  const file = sameText(found, token) && rest.length === 0 ? files.get(name) : undefined;
  if (headers.host !== `${host}:${port}` && headers.host !== `localhost:${port}`) {
    refuse(403, "wrong host");
    return;
  }
  if (method !== "GET" && method !== "HEAD") {
    refuse(405, "only GET and HEAD");
    return;
  }
  if (!file) {
    refuse(404, "nothing is here");
    return;
  }
  response.writeHead(200, {
    "content-type": file.type,
    "content-length": file.bytes.length,
    "cache-control": "no-store",
    "content-security-policy": policy,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  response.end(method === "HEAD" ? undefined : file.bytes);
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
