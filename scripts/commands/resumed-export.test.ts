import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeResumed } from "./resumed-export.ts";

const PATH = "/reports/aggregate.csv?month=2026-10";
const PAGES = ["header\r\n1\r\n", "2\r\n", "3\r\n4\r\n", "5\r\n"];

let dir: string;
let out: string;
let server: Server;
let api: { readonly url: string; readonly token: string };
/** The page at which the gateway stops answering; none when it is beyond the last. */
let cutAt: number;
let refusal: string | null;
let asked: string[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "resumed-"));
  out = join(dir, "report.csv");
  cutAt = PAGES.length;
  refusal = null;
  asked = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://gateway");
    asked.push(url.search);
    const page = Number(url.searchParams.get("cursor") ?? 0);
    if (page === cutAt) return void request.socket.destroy();
    if (refusal !== null) {
      response.writeHead(409, { "content-type": "application/json" });
      return void response.end(JSON.stringify({ message: refusal }));
    }
    const next = `<aggregate.csv?month=2026-10&limit=10000&cursor=${page + 1}>; rel="next"`;
    response.writeHead(200, page + 1 < PAGES.length ? { link: `<m.json>; rel="describedby", ${next}` } : {});
    response.end(PAGES[page]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  api = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "t" };
});
afterEach(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

const whole = () => {
  expect(readFileSync(out, "utf8")).toBe(PAGES.join(""));
  expect([existsSync(`${out}.part`), existsSync(`${out}.resume`)]).toEqual([false, false]);
};

it("fetches a file page by page, and nothing is left beside it", async () => {
  await writeResumed(api, PATH, out);
  whole();
});

it.each([0, 1, 2, 3])("goes on where it was cut off, after %i pages", async (pages) => {
  cutAt = pages;
  await expect(writeResumed(api, PATH, out)).rejects.toThrow("nothing answers");
  expect(existsSync(out)).toBe(false);
  asked.length = 0;
  cutAt = PAGES.length;
  await writeResumed(api, PATH, out);
  whole();
  expect(asked).toHaveLength(PAGES.length - pages);
});

it("writes a page again that was half on the disk", async () => {
  cutAt = 2;
  await expect(writeResumed(api, PATH, out)).rejects.toThrow();
  writeFileSync(`${out}.part`, "half a page", { flag: "a" });
  cutAt = PAGES.length;
  await writeResumed(api, PATH, out);
  whole();
});

it("finishes a file that was whole when the run was cut off", async () => {
  writeFileSync(`${out}.part`, PAGES.join(""));
  writeFileSync(`${out}.resume`, JSON.stringify({ path: PATH, next: null, bytes: PAGES.join("").length }));
  await writeResumed(api, PATH, out);
  whole();
  expect(asked).toEqual([]);
});

it("says what to do when the figures have changed, and keeps what there is", async () => {
  cutAt = 2;
  await expect(writeResumed(api, PATH, out)).rejects.toThrow();
  cutAt = PAGES.length;
  refusal = "cursor: the figures have changed";
  await expect(writeResumed(api, PATH, out)).rejects.toThrow(
    `cursor: the figures have changed; to begin anew, delete ${out}.part and ${out}.resume`,
  );
  expect(readFileSync(`${out}.part`, "utf8")).toBe(PAGES.slice(0, 2).join(""));
});

it("does not go on with another report's half file, one that is gone, or one it did not begin", async () => {
  cutAt = 1;
  await expect(writeResumed(api, PATH, out)).rejects.toThrow();
  cutAt = PAGES.length;
  await expect(writeResumed(api, "/reports/monthly.csv?month=2026-10", out)).rejects.toThrow(
    "another report",
  );
  rmSync(`${out}.part`);
  await expect(writeResumed(api, PATH, out)).rejects.toThrow(".part is gone");
  writeFileSync(`${out}.resume`, "{");
  await expect(writeResumed(api, PATH, out)).rejects.toThrow("cannot be read");
  rmSync(`${out}.resume`);
  writeFileSync(`${out}.part`, "");
  await expect(writeResumed(api, PATH, out)).rejects.toThrow("is there already");
});

it("refuses a half file that is shorter than what was written down of it", async () => {
  cutAt = 2;
  await expect(writeResumed(api, PATH, out)).rejects.toThrow();
  truncateSync(`${out}.part`, 3);
  cutAt = PAGES.length;
  await expect(writeResumed(api, PATH, out)).rejects.toThrow("shorter");
});
