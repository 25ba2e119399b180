/**
 * Promise 8, with everything in hand: the day after the last ticket of a day is over, whoever has every file of a totem and of the
 * gateway, and the list of all tickets that were printed, cannot tell which of them a mark was made of.
 */
import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureJournalKey, identityFiles } from "#firmware/identity.ts";
import { journalHere } from "#firmware/journal/journal-client.ts";
import { openJournal } from "#firmware/journal/open-journal.ts";
import { KEPT_CLOSED_THROUGH } from "#firmware/journal/receipts.ts";
import { closedBeforeMs } from "#firmware/site-times.ts";
import { openDayKeyring } from "#firmware/tickets/day-keyring.ts";
import { openTicketJudge } from "#firmware/tickets/ticket-judge.ts";
import { voteEntryOf } from "#firmware/vote-entry.ts";
import { makeBackup } from "#gateway/backup/backup-files.ts";
import { directoryOf } from "#gateway/directory.ts";
import { siteSettingsFor } from "#gateway/fleet/totem-settings-message.ts";
import { verifyBatch } from "#gateway/ingest/verify.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { openDayKeys } from "#gateway/tickets/day-key-store.ts";
import { openIssuer } from "#gateway/tickets/issuer.ts";
import { canonicalBytes } from "#schemas/canonical.ts";
import { addDays, dayStartMs, localDayOf } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { openKeys, sealKeys } from "#schemas/sealed-keys.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import { readSignedTicket, signedForm } from "#schemas/ticket.ts";
import { DAY_MS, type EntryTime, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { fullTownSettings, SITE_ID, ZONE } from "../bench/town.ts";

const NOON_MS = Date.parse("2026-11-23T11:00:00Z");
const DAY = localDayOf(NOON_MS, ZONE);
const TOTEM = "totem-1";
const VOTES = 12;

let folder: string;
let nowMs: number;
let monotonicMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-closed-day-"));
  nowMs = NOON_MS;
  monotonicMs = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function pass(ms: number, everyMinute: () => void): void {
  for (let left = ms; left > 0; left -= MINUTE_MS) {
    nowMs += MINUTE_MS;
    monotonicMs += MINUTE_MS;
    everyMinute();
  }
}

/** One totem and its gateway, each with all its files, joined without a network. */
async function town() {
  const [totemDir, gatewayDir] = [join(folder, "totem"), join(folder, "gateway")];
  const settings = { ...fullTownSettings(), dataDir: gatewayDir };
  const directory = directoryOf(settings);
  const site = settings.sites[0];
  if (site === undefined) throw new Error("the town has no site");
  const clocks = { nowMs: () => nowMs, monotonicMs: () => monotonicMs };
  const store = openSqliteStore(join(gatewayDir, "gateway.db"), nowMs);
  const dayKeys = openDayKeys({ ...settings, ...clocks, ticketRules: settings.tickets, randomBytes });
  const log = { error: () => undefined };
  const issuer = await openIssuer({
    ...clocks,
    store,
    directory,
    dayKeys,
    dataDir: gatewayDir,
    randomBytes,
    log,
  });
  const key = ensureJournalKey(totemDir);
  const record = {
    ...{ totemId: TOTEM, siteId: SITE_ID, serves: null, passwordSha256: "0".repeat(64), enrolledMs: 0 },
    publicKey: key.publicKeyHex,
  };
  await store.registerTotem(record);
  const body = siteSettingsFor(record, site, settings, await store.issuerKeys(), nowMs);
  const siteSettings: SiteSettings = { ...body, version: 1, signature: "0".repeat(128) };
  const epoch = randomBytes(16).toString("hex");
  const { journal: file } = openJournal({ dataDir: totemDir, totemId: TOTEM, epoch, key, nowMs });
  const journal = journalHere(file);
  const keyring = openDayKeyring({
    file: identityFiles(totemDir).dayKeys,
    siteId: SITE_ID,
    onUnreadable: () => undefined,
  });
  const { day, keys } = dayKeys.ofSite(site);
  const sealed = await sealKeys(keys, { totemId: TOTEM, day }, key.publicKeyHex);
  keyring.take((await openKeys(sealed, { totemId: TOTEM, day }, key)) ?? keys, day, day);
  const judge = openTicketJudge({ journal, settings: () => siteSettings, dayKeys: keyring });
  return {
    ...{ store, dayKeys, issuer, key, epoch, file, journal, keyring, judge, siteSettings, directory },
    dataDir: gatewayDir,
    service: site.offices[0]?.services[0]?.serviceId ?? "",
  };
}

type Town = Awaited<ReturnType<typeof town>>;

function timeNow(): EntryTime {
  return {
    wallMs: nowMs + 137,
    monotonicUs: (monotonicMs + 5_000) * 1_000 + 311,
    bootId: "boot-of-that-day",
    clock: "trusted",
  };
}

/** Somebody served votes. @returns the ticket's code and what the journal says of the vote. */
async function vote(so: Town) {
  const issued = await so.issuer.issue({ serviceId: so.service, endedAtMs: nowMs, purpose: "live" });
  if (!issued.ok) throw new Error(issued.problem);
  const judged = await so.judge.judge(issued.value.code, { time: timeNow(), mode: "live" });
  if (!judged.good) throw new Error(judged.refusal);
  const draft = {
    voteId: randomBytes(16).toString("hex"),
    ticket: judged.ticket,
    face: "green" as const,
    reason: null,
    flags: [],
  };
  const entry = voteEntryOf(draft, { time: timeNow(), wording: 1, mode: "live" });
  await so.journal.commitDraft(entry);
  await so.journal.sealDraft(timeNow());
  return { code: issued.value.code, entry };
}

/** Sends everything and applies the receipts. */
async function sync({ store, journal, epoch, key, directory }: Town): Promise<void> {
  for (const { last, oldestUnreceipted } of await journal.openEpochs()) {
    // Also without anything new: a totem hears of a closed day in the answer to its hello.
    const from = Math.min(oldestUnreceipted, last);
    const batch = await journal.readBatch(epoch, from, last);
    if (batch === null) throw new Error(`the journal lacks entry ${from}`);
    const verified = verifyBatch(Buffer.from(batch.text), {
      ...{ totemId: TOTEM, receivedMs: nowMs },
      journalKey: publicKeyFromHex(key.publicKeyHex),
    });
    if (!verified.ok) throw new Error(verified.problem);
    const [outcome] = await store.ingest([verified.value], directory.rules);
    if (outcome?.kind !== "stored") throw new Error("the gateway did not store a batch");
    const { watermark, checkpoint, closedThrough } = outcome;
    await journal.applyReceipt({
      ...{ epoch, upTo: watermark.upTo, head: watermark.head, ranges: [], rejected: [] },
      ...{ closedThrough, checkpoint, timeMs: nowMs, signature: "0".repeat(128) },
    });
  }
}

async function prune({ journal, siteSettings }: Town): Promise<void> {
  const before = closedBeforeMs(await journal.kept(KEPT_CLOSED_THROUGH), siteSettings);
  await journal.prune({ nowMs, keepMs: 7 * DAY_MS, closedBeforeMs: before });
}

/** Every file of totem and gateway, as one. */
function everything(): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

/** Everything of some length that stands anywhere, each once. */
function windowsOf(bytes: Buffer, length: number): ReadonlySet<string> {
  const text = bytes.toString("latin1");
  const windows = new Set<string>();
  for (let at = 0; at + length <= text.length; at++) windows.add(text.slice(at, at + length));
  return windows;
}

/** All 32 bytes that stand anywhere, as they are or in hex, and the keys of the next days made from them. */
function possibleKeys(bytes: Buffer): readonly Buffer[] {
  const raw = [...windowsOf(bytes, 32)].map((text) => Buffer.from(text, "latin1"));
  const written = [...new Set(bytes.toString("latin1").match(/[0-9a-f]{64}/g))].flatMap((text) => {
    const keys = [Buffer.from(text, "hex")];
    for (let ahead = 1; ahead < 4; ahead++) {
      const info = `faccine/v1/day-key/site/${SITE_ID}/${addDays(DAY, ahead)}`;
      keys.push(Buffer.from(hkdfSync("sha256", keys.at(-1) as Buffer, "", info, 32)));
    }
    return keys;
  });
  return [...written, ...raw];
}

/** How many of the printed tickets can be matched to a mark that is held, by whoever has everything. */
function matched(codes: readonly string[], bytes: Buffer): number {
  const [first, ...others] = codes.map((code) => {
    const read = readSignedTicket(code);
    if (!read.ok) throw new Error(read.problem);
    return canonicalBytes(signedForm(read.value.ticket));
  });
  if (first === undefined) throw new Error("no ticket was printed");
  const held = windowsOf(bytes, 16);
  const isHeld = (form: Buffer, key: Buffer) =>
    held.has(createHmac("sha256", key).update(form).digest().subarray(0, 16).toString("latin1"));
  const key = possibleKeys(bytes).find((one) => isHeld(first, one));
  return key === undefined ? 0 : 1 + others.filter((form) => isHeld(form, key)).length;
}

describe("a closed day, with every file of the totem and the gateway in hand", () => {
  it("leaves no ticket that can be matched to a mark, and nothing of a vote but its count", async () => {
    const so = await town();
    const votes = [];
    for (let i = 0; i < VOTES; i++) {
      pass(3 * MINUTE_MS, () => undefined);
      votes.push(await vote(so));
    }
    await sync(so);
    const codes = votes.map(({ code }) => code);
    // The search can find what is there: on the same evening everything is.
    expect(matched(codes, everything())).toBe(VOTES);
    // A backup of that evening, and what the broker keeps for totems that come later, lie there for good.
    await makeBackup(
      {
        store: so.store,
        nowMs: () => nowMs,
        settings: { dataDir: so.dataDir, backup: { folder: join(folder, "backups"), keep: 7 } },
      },
      null,
    );
    writeFileSync(join(folder, "retained-settings.json"), JSON.stringify(so.siteSettings));

    const overMs = dayStartMs(addDays(DAY, 2), ZONE) + 3 * HOUR_MS;
    pass(overMs - nowMs, () => {
      so.dayKeys.destroyOld();
    });
    so.keyring.destroyBefore(addDays(DAY, 2));
    // Marks alone are left of the link, and no key that made them, even before the day is closed.
    expect(matched(codes, everything())).toBe(0);

    expect(await so.store.closeThrough(DAY, nowMs)).toMatchObject({ votes: VOTES });
    await sync(so);
    await prune(so);
    const bytes = everything();
    const texts = votes.flatMap(({ entry }) => [
      entry.id,
      String(entry.time.wallMs),
      String(entry.time.monotonicUs),
    ]);
    const raw = votes.map(({ entry }) => Buffer.from(entry.id, "hex"));
    for (const text of texts) expect(bytes.includes(text), text).toBe(false);
    for (const id of raw) expect(bytes.includes(id)).toBe(false);
    expect(matched(codes, bytes)).toBe(0);
    expect(await so.journal.sums()).toMatchObject({ pending: 0 });
    expect(await so.store.recount({ fromDay: DAY, toDay: addDays(DAY, 1) })).toEqual([]);
    await close(so);
  });
});

async function close({ journal, store }: { journal: Town["journal"]; store: Store }): Promise<void> {
  await journal.close();
  await store.close();
}
