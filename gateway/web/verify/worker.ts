/**
 * Reads a proof from an address and checks it, away from the page: half a minute of arithmetic must not stop its scrolling. Says how far it is
 * and what it found.
 */
import { checkLate, type Late } from "./check-late.ts";
import { checkLog } from "./check-log.ts";
import { checkMonth, type Month } from "./check-month.ts";

export type Told =
  | { readonly kind: "progress"; readonly what: string; readonly done: number; readonly of: number }
  | {
      readonly kind: "log";
      readonly lines: number;
      readonly statements: number;
      readonly missing: readonly string[];
    }
  | { readonly kind: "month"; readonly month: string; readonly figures: number; readonly wrong: number }
  | { readonly kind: "late"; readonly month: string; readonly votes: number }
  | { readonly kind: "done"; readonly wrong: readonly string[]; readonly key: string }
  | { readonly kind: "failed"; readonly why: string };

/** A large administration's log of some years stays below; a browser's memory does, too. */
const FILE_BYTES_MAX = 200_000_000;
/** A line each some hundred: telling takes longer than checking. */
const TELL_EVERY = 100;

const tell = (told: Told) => postMessage(told);

addEventListener("message", ({ data }: MessageEvent<string>) => {
  check(new URL(data)).catch((error: Error) => tell({ kind: "failed", why: error.message }));
});

async function check(base: URL): Promise<void> {
  const { months } = (await json(base, "index.json")) as { readonly months: readonly string[] };
  const { publicKey } = (await json(base, "gateway.json")) as { readonly publicKey: string };
  const lines = await ndjson(base, "log.ndjson");
  const checkpoints = await ndjson(base, "checkpoints.ndjson");
  const progress = (what: string, of: number) => (done: number) => {
    if (done % TELL_EVERY === 0) tell({ kind: "progress", what, done, of });
  };
  const checked = checkLog(lines as never, checkpoints as never, publicKey, progress("log", lines.length));
  const { statements, missing } = checked;
  tell({ kind: "log", lines: lines.length, statements, missing });
  const { late } = (await json(base, "late.json")) as { readonly late: readonly Late[] };
  const wrong = [...checked.wrong];
  for (const name of months) {
    const month = (await json(base, `months/${encodeURIComponent(name)}.json`)) as Month;
    const figures = month.sums.length;
    const log = { lines: lines as never, checked, gatewayKey: publicKey };
    const found = checkMonth(month, log, progress(name, figures));
    if (month.month !== name) wrong.push(`month ${name}: is the proof of ${month.month}`);
    wrong.push(...found, ...checkLate(late, month, lines as never));
    tell({ kind: "month", month: name, figures, wrong: found.length });
  }
  for (const { month, votes } of late) tell({ kind: "late", month, votes });
  tell({ kind: "done", wrong, key: publicKey });
}

async function json(base: URL, name: string): Promise<unknown> {
  const text = await textOf(base, name);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON`);
  }
}

async function ndjson(base: URL, name: string): Promise<readonly unknown[]> {
  const lines = (await textOf(base, name)).split("\n").filter((line) => line !== "");
  return lines.map((line, at) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new Error(`${name}, line ${at + 1}, is not JSON`);
    }
  });
}

async function textOf(base: URL, name: string): Promise<string> {
  const url = new URL(name, base);
  const response = await fetch(url).catch(() => {
    throw new Error(`${url.href}: nothing answers there`);
  });
  if (!response.ok) throw new Error(`${url.href}: the server answered ${response.status}`);
  if (Number(response.headers.get("content-length") ?? 0) > FILE_BYTES_MAX)
    throw new Error(`${url.href}: is too large for a browser; use \`faccine verify\``);
  return response.text();
}
