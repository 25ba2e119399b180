/**
 * How long a scanned code is judged: signed, short and anything else people scan, without the journal's answer.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { openDayKeyring } from "#firmware/tickets/day-keyring.ts";
import { readTicket } from "#firmware/tickets/judge.ts";
import { codeOf, contextWith, NOW_MS, SETTINGS } from "#firmware/tickets/tickets.fixture.ts";
import { DAY_KEY_BYTES } from "#schemas/day-keys.ts";
import { addDays, localDayOf } from "#schemas/local-day.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import { isTicketGenuine, readSignedTicket } from "#schemas/ticket.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { type Goal, judged, type Row, told } from "./row.ts";
import { percentile, ratio } from "./statistics.ts";

/** Twenty thousand put two hundred above the 99th percentile. */
const CODES: Readonly<Record<Size, number>> = { full: 20_000, short: 5_000, tiny: 20 };

const GOAL: Goal = {
  kind: "at most",
  value: 1,
  reason: "nobody waits for it, and a scanner left on a code must not take the processor",
};

export const JUDGE: Measurement = {
  name: "judge",
  about: "a scanned code judged: signature, key of the day, mark",
  run: async (size, place) => measure(CODES[size], place),
};

function measure(count: number, { dir }: Place): readonly Row[] {
  const dayKeys = openDayKeyring({
    file: join(dir, "day-keys.json"),
    siteId: SETTINGS.siteId,
    onUnreadable: (where) => {
      throw new Error(`the file of day keys cannot be read at ${where}`);
    },
  });
  const today = localDayOf(NOW_MS, SETTINGS.zone);
  // Yesterday's key, moved on at each scan: as it is for the first hours of a day.
  const yesterday = addDays(today, -1);
  dayKeys.take({ site: randomBytes(DAY_KEY_BYTES).toString("hex"), offices: [] }, yesterday, today);
  const keys = new Map<string, ReturnType<typeof publicKeyFromHex>>();
  const publicKey = (hex: string) => {
    const known = keys.get(hex) ?? publicKeyFromHex(hex);
    keys.set(hex, known);
    return known;
  };
  const context = contextWith({ dayKeys, publicKey });
  const codes = Array.from({ length: count }, (_, serial) => codeOf(serial));
  const others = codes.map((code, at) => (at % 2 === 0 ? `8001${at}` : `${code.slice(0, -1)}0`));
  const time = (texts: readonly string[], judge: (text: string) => unknown) =>
    texts.map((text) => {
      const startMs = performance.now();
      judge(text);
      return performance.now() - startMs;
    });
  const key = publicKey(SETTINGS.ticketKeys[0]?.publicKey ?? "");
  const verify = (code: string) => {
    const read = readSignedTicket(code);
    return read.ok && isTicketGenuine(read.value, key);
  };
  for (const code of codes.slice(0, 500)) readTicket(code, context);
  const ours = percentile(
    time(codes, (code) => readTicket(code, context)),
    99,
  );
  const bare = percentile(time(codes, verify), 99);
  const foreign = percentile(
    time(others, (text) => readTicket(text, context)),
    99,
  );
  return [
    judged("judge: a signed ticket, p99", ours, "ms", { goal: GOAL }),
    told(
      "judge: its signature alone, p99",
      bare,
      "ms",
      `ours takes ${ratio(ours, bare).toFixed(1)} times as long`,
    ),
    judged("judge: what is no ticket, or a changed one, p99", foreign, "ms", { goal: GOAL }),
  ];
}
