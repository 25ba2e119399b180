import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FACES, REASONS } from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import {
  freshHex,
  MONDAY_MS,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  untrustedTime,
  verifiedBatch,
  voteEntry,
} from "../../ingest/journal.fixture.ts";
import { countsOn, MONDAY, TUESDAY, total, WEEK } from "../store.fixture.ts";
import type { IngestOutcome, Store } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

/** Wednesday night, when Monday closes. */
const CLOSING_MS = MONDAY_MS + 2 * DAY_MS - 7 * HOUR_MS;

let folder: string;
let path: string;
let store: Store;
let totem: TestTotem;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "faccine-closing-"));
  path = join(folder, "gateway.db");
  store = openSqliteStore(path, 0);
  totem = testTotem("totem-1");
  await store.registerTotem(totem.record);
  totem.start();
});
afterEach(async () => {
  expect(await store.recount(WEEK)).toEqual([]);
  expect(await store.recountTotems()).toEqual([]);
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Random, as real ones are: a number that counts up would be found by chance. */
const randomHex = (bytes: number) =>
  createHash("sha256")
    .update(freshHex(16))
    .digest("hex")
    .slice(0, bytes * 2);
/** A vote at an odd moment, of which every byte can be told from anything else. */
const voteAt = (ms: number, more: Partial<VoteEntry> & { readonly mark?: string } = {}) => {
  const { mark = randomHex(16), ...fields } = more;
  const ticket = { ...voteEntry().ticket, mark, minute: Math.floor(ms / MINUTE_MS) - 7 };
  return voteEntry({ id: randomHex(16), time: trustedTime(ms, "boot-of-that-day"), ticket, ...fields });
};
async function send(
  from: TestTotem,
  first: number,
  last: number,
  receivedMs = MONDAY_MS,
): Promise<IngestOutcome> {
  const batch = verifiedBatch(from, from.batch(first, last), receivedMs);
  return (await store.ingest([batch], [TOWN_HALL]))[0] as IngestOutcome;
}
const bytesOfFolder = () =>
  Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
const rowsOf = (table: string) => {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(`SELECT * FROM ${table}`).all();
  } finally {
    database.close();
  }
};

/** Every way the facts of a vote could lie in a file: as text, as raw bytes, as SQLite's big-endian integers. */
function tracesOf({ id, time, ticket }: VoteEntry): ReadonlyMap<string, Buffer> {
  const integer = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  return new Map([
    ["id as text", Buffer.from(id)],
    ["id as bytes", Buffer.from(id, "hex")],
    ["mark as text", Buffer.from(ticket.mark ?? "")],
    ["time as text", Buffer.from(String(time.wallMs))],
    ["time as a number", integer(time.wallMs, 6)],
    ["monotonic time as text", Buffer.from(String(time.monotonicUs))],
    ["monotonic time as a number", integer(time.monotonicUs, 6)],
    ["boot", Buffer.from(time.bootId)],
    ["minute as text", Buffer.from(String(ticket.minute))],
  ]);
}
const tracesLeft = (votes: readonly VoteEntry[]) => {
  const bytes = bytesOfFolder();
  return votes.flatMap((vote) =>
    [...tracesOf(vote)].filter(([, trace]) => bytes.includes(trace)).map(([name]) => name),
  );
};

describe("a closed day", () => {
  it("is counted as before, and nothing in any byte of the database tells one of its votes", async () => {
    const votes = [
      voteAt(MONDAY_MS + 61_234),
      voteAt(MONDAY_MS + 62_345, { face: "red", reason: "wait" }),
      voteAt(MONDAY_MS + HOUR_MS + 1_357, { face: "red", reason: "none", flags: ["afterHours"] }),
    ];
    for (const vote of votes) totem.append(vote);
    // A totem that has started anew since: the latest boot is not the one of these votes.
    totem.append(voteAt(MONDAY_MS + DAY_MS, { time: trustedTime(MONDAY_MS + DAY_MS, "boot-of-today") }));
    await send(totem, 1, 4);
    await send(totem, 5, 5);
    await store.quarantine({
      ...{ pool: "totem-1", totemId: "totem-1", reason: "bad-signature", sha256: "ab".repeat(32) },
      ...{ payload: Buffer.from(JSON.stringify(votes[0])), receivedMs: MONDAY_MS },
    });
    const before = { monday: await countsOn(store, MONDAY), sums: await total(store) };
    expect(new Set(tracesLeft(votes)).size).toBeGreaterThan(6);

    expect(await store.closeThrough(MONDAY, CLOSING_MS)).toEqual({ votes: 3, batches: 1, payloads: 1 });
    expect(await store.closedThrough()).toBe(MONDAY);
    expect(tracesLeft(votes)).toEqual([]);
    expect({ monday: await countsOn(store, MONDAY), sums: await total(store) }).toEqual(before);
    // Tuesday is open: its vote, its batch and its clock are as they were.
    expect(rowsOf("vote")).toHaveLength(1);
    expect(rowsOf("batch")).toHaveLength(1);
    expect(rowsOf("boot")).toHaveLength(1);
    // Bare marks stay, in an order of their own and with nothing beside them but the day.
    expect(rowsOf("mark")).toHaveLength(4);
  });

  it("keeps of its votes how many there were of each kind, whatever order they came in", async () => {
    const kinds = fc.record({
      face: fc.constantFrom(...FACES),
      reason: fc.constantFrom(...REASONS),
      minute: fc.nat(600),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(kinds, { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (all, order) => {
          const shuffled = all.map((one) => [order.next().value, one] as const).toSorted(([a], [b]) => a - b);
          const settled = async (votes: readonly (typeof all)[number][]) => {
            const file = join(folder, `${randomHex(8)}.db`);
            const own = openSqliteStore(file, 0);
            const one = testTotem("totem-1");
            await own.registerTotem(one.record);
            one.start();
            for (const { face, reason, minute } of votes) {
              one.append(
                voteAt(MONDAY_MS + minute * MINUTE_MS, { face, reason: face === "red" ? reason : null }),
              );
            }
            await own.ingest([verifiedBatch(one, one.batch(1, votes.length + 1))], [TOWN_HALL]);
            await own.closeThrough(MONDAY, CLOSING_MS);
            await own.close();
            const database = new Database(file, { readonly: true });
            const rows = database.prepare("SELECT * FROM settled").all();
            database.close();
            rmSync(file);
            return rows;
          };
          expect(await settled(all)).toEqual(await settled(shuffled.map(([, one]) => one)));
        },
      ),
      { numRuns: 15 },
    );
  });

  it("takes a vote that comes afterwards as late: counted at once, told apart, and gone the same moment", async () => {
    await store.closeThrough(MONDAY, CLOSING_MS);
    const late = voteAt(MONDAY_MS + 61_234, { face: "red", reason: "staff" });
    totem.append(late);
    const outcome = await send(totem, 1, 2, CLOSING_MS + HOUR_MS);
    expect(outcome).toMatchObject({
      kind: "stored",
      fresh: 2,
      closedThrough: MONDAY,
      watermark: { upTo: 2 },
    });
    expect(await countsOn(store, MONDAY)).toEqual({ red: 1, reason_staff: 1, late: 1 });
    expect(await total(store)).toMatchObject({ received: 1, accepted: 0, late: 1, red: 1 });
    expect([...rowsOf("vote"), ...rowsOf("batch")]).toEqual([]);
    // What the log of the database still holds of the moment goes with the next closing.
    await store.closeThrough(MONDAY, CLOSING_MS + 2 * HOUR_MS);
    expect(
      tracesLeft([{ ...late, time: { ...late.time, bootId: "none" } }]).filter((name) => name !== "boot"),
    ).toEqual([]);
  });

  it("knows the tickets that were used on it: a late vote with one of them is a conflict", async () => {
    const mark = randomHex(16);
    totem.append(voteAt(MONDAY_MS, { mark }));
    await send(totem, 1, 2);
    await store.closeThrough(MONDAY, CLOSING_MS);
    const other = testTotem("totem-2");
    await store.registerTotem(other.record);
    other.start();
    other.append(voteAt(MONDAY_MS + MINUTE_MS, { mark }));
    await send(other, 1, 2, CLOSING_MS);
    expect(await total(store)).toMatchObject({ received: 2, accepted: 1, late: 0, conflict: 1 });
    expect(await countsOn(store, MONDAY)).toEqual({ green: 1, conflict: 1 });
    expect(rowsOf("vote")).toEqual([]);
  });

  it("takes in a vote whose clock is set only now, as late", async () => {
    totem.append(
      voteEntry({
        time: untrustedTime(MONDAY_MS, "boot-9"),
        ticket: { ...voteEntry().ticket, minute: null },
      }),
    );
    await send(totem, 1, 2, CLOSING_MS);
    await store.closeThrough(TUESDAY, CLOSING_MS);
    expect(rowsOf("vote")).toHaveLength(1);
    totem.append(voteAt(CLOSING_MS + MINUTE_MS, { time: trustedTime(CLOSING_MS + MINUTE_MS, "boot-9") }));
    await send(totem, 3, 3, CLOSING_MS + MINUTE_MS);
    expect(await countsOn(store, MONDAY)).toEqual({ green: 1, late: 1 });
    expect(rowsOf("vote")).toHaveLength(1);
  });

  it("takes the same batch again without counting it again", async () => {
    totem.append(voteAt(MONDAY_MS));
    await send(totem, 1, 2);
    await store.closeThrough(MONDAY, CLOSING_MS);
    expect(await send(totem, 1, 2, CLOSING_MS)).toMatchObject({ kind: "stored", fresh: 0 });
    expect(await countsOn(store, MONDAY)).toEqual({ green: 1 });
  });

  it("is not called closed while another process keeps the log from being cut, and is closed by the next try", async () => {
    const vote = voteAt(MONDAY_MS + 61_234);
    totem.append(vote);
    await send(totem, 1, 2);
    const reader = new Database(path, { readonly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM vote").get();
    await expect(store.closeThrough(MONDAY, CLOSING_MS)).rejects.toThrow("cannot be cut");
    expect(await store.closedThrough()).toBeNull();
    // From the first moment on a vote of the day is late all the same.
    totem.append(voteAt(MONDAY_MS + MINUTE_MS));
    await send(totem, 3, 3);
    expect(await countsOn(store, MONDAY)).toMatchObject({ green: 2, late: 1 });
    reader.close();
    await store.closeThrough(MONDAY, CLOSING_MS);
    expect(await store.closedThrough()).toBe(MONDAY);
    expect(tracesLeft([vote]).filter((name) => name !== "boot")).toEqual([]);
  });

  it("leaves sums that hold, whenever it is closed and in whatever order everything comes", async () => {
    const act = fc.oneof(
      fc.record({
        type: fc.constant("vote" as const),
        day: fc.nat(3),
        ticket: fc.nat(5),
        trusted: fc.boolean(),
      }),
      fc.record({ type: fc.constant("send" as const) }),
      fc.record({ type: fc.constant("close" as const), day: fc.nat(3) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const own = openSqliteStore(":memory:", 0);
        const one = testTotem("totem-1");
        await own.registerTotem(one.record);
        one.start();
        let [written, sent, votes] = [1, 0, 0];
        for (const each of [...acts, { type: "send" as const }]) {
          if (each.type === "vote") {
            const ms = MONDAY_MS + each.day * DAY_MS;
            const time = each.trusted ? trustedTime(ms) : untrustedTime(ms, `boot-${each.day}`);
            written = one.append(voteEntry({ time, mark: each.ticket.toString(16).padStart(32, "0") }));
            votes += 1;
          } else if (each.type === "send" && sent < written) {
            await own.ingest(
              [verifiedBatch(one, one.batch(sent + 1, written), MONDAY_MS + 4 * DAY_MS)],
              [TOWN_HALL],
            );
            sent = written;
          } else if (each.type === "close") {
            await own.closeThrough(`2026-07-0${6 + each.day}`, CLOSING_MS);
          }
        }
        const sums = await total(own);
        expect(sums.received).toBe(votes);
        expect(sums.accepted + sums.late + sums.conflict + sums.expired_late).toBe(votes);
        expect(await own.recount(WEEK)).toEqual([]);
        expect(await own.recountTotems()).toEqual([]);
        await own.close();
      }),
      { numRuns: 100 },
    );
  });
});
