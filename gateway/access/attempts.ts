/**
 * How often somebody may try to sign in: a few times freely, then with growing delays, for each account, each address and each browser that
 * was signed in to the account before. Holds nothing but counts, of which the oldest go. Pure but for those: the time is passed in.
 *
 * Nobody can lock an account for good: a browser that was signed in to it before is counted apart from strangers, and a stranger's tries
 * delay other strangers by half a minute at most. While tries are counted, right or wrong names and passwords make no difference.
 */
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";

export type Try = {
  /** The name that was typed, whether there is such an account or not. */
  readonly account: string;
  readonly address: string;
  /** A browser that was signed in to this account before; null for all others. */
  readonly browser: string | null;
};

export type Attempts = {
  /** Counts a try before it is looked at. @returns 0, or how long to wait first: then it is not counted, and nothing may be looked at. */
  readonly begin: (one: Try, nowMs: number) => number;
  readonly succeeded: (one: Try) => void;
  /** False when so many failures were written down in this hour that more of them would only fill the log. */
  readonly mayNoteFailure: (nowMs: number) => boolean;
};

type Rule = { readonly freely: number; readonly delayMaxMs: number };
type Count = { readonly tries: number; readonly lastMs: number; readonly nextMs: number };

/** People mistype a password three times, and then find the shift lock. */
const OF_ACCOUNT: Rule = { freely: 5, delayMaxMs: 30_000 };
const OF_BROWSER: Rule = { freely: 5, delayMaxMs: 15 * MINUTE_MS };
/** Behind a proxy or a town hall's one address sit many. */
const OF_ADDRESS: Rule = { freely: 30, delayMaxMs: 15 * MINUTE_MS };
/** Doubled by each try that follows. */
const FIRST_DELAY_MS = 1_000;
/** Left alone for so long, whoever it was starts anew. */
const FORGET_MS = HOUR_MS;
/** Counts held, a few megabytes; beyond, the one that was tried longest ago goes. */
const COUNTS_MAX = 20_000;
/** Somebody who guesses from a thousand addresses fills no disk. */
const NOTES_PER_HOUR_MAX = 1_000;

export function openAttempts(): Attempts {
  const counts = new Map<string, Count>();
  let notes = { hour: 0, count: 0 };
  const put = (key: string, count: Count) => {
    counts.delete(key);
    counts.set(key, count);
    const [oldest] = counts.keys();
    if (counts.size > COUNTS_MAX && oldest !== undefined) counts.delete(oldest);
  };
  return {
    begin: (one, nowMs) => {
      const keys = keysOf(one);
      const known = keys.map(({ key }) => counts.get(key)).filter((count) => count !== undefined);
      const waitMs = Math.max(0, ...known.map(({ nextMs }) => nextMs - nowMs));
      if (waitMs > 0) return waitMs;
      for (const { key, rule } of keys) put(key, counted(counts.get(key), rule, nowMs));
      return 0;
    },
    succeeded: (one) => {
      for (const { key, isOwn } of keysOf(one)) {
        const count = counts.get(key);
        if (count === undefined) continue;
        // Who guesses other people's passwords cannot wipe that out by signing in to an account of their own.
        if (isOwn) counts.delete(key);
        else counts.set(key, { ...count, tries: count.tries - 1, nextMs: 0 });
      }
    },
    mayNoteFailure: (nowMs) => {
      const hour = Math.floor(nowMs / HOUR_MS);
      notes = { hour, count: notes.hour === hour ? notes.count + 1 : 1 };
      return notes.count <= NOTES_PER_HOUR_MAX;
    },
  };
}

/** The network behind an address: whoever has one of IPv6 has 2^64 of them. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  const [head = "", tail] = address.split("::");
  const first = head.split(":").filter((group) => group !== "");
  const last = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0");
  return `${[...first, ...zeros, ...last].slice(0, 4).join(":")}::/64`;
}

function keysOf({ account, address, browser }: Try) {
  if (browser !== null) return [{ key: `browser ${browser}`, rule: OF_BROWSER, isOwn: true }];
  return [
    { key: `account ${account}`, rule: OF_ACCOUNT, isOwn: true },
    { key: `address ${networkOf(address)}`, rule: OF_ADDRESS, isOwn: false },
  ];
}

function counted(before: Count | undefined, { freely, delayMaxMs }: Rule, nowMs: number): Count {
  const tries = before === undefined || nowMs >= before.lastMs + FORGET_MS ? 1 : before.tries + 1;
  const delayMs = tries < freely ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (tries - freely), delayMaxMs);
  return { tries, lastMs: nowMs, nextMs: nowMs + delayMs };
}
