/** The seeded fault runs must find nothing wrong, and would find it if there were. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryOf } from "#gateway/directory.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import { seeded } from "#schemas/seeded.fixture.ts";
import { makeSigningKey, publicKeyFromHex } from "#schemas/signature.ts";
import { faultRows } from "../faults.ts";
import { FIRST_OFFICE_SERVICES, fullTownSettings } from "../town.ts";
import { totemRecord } from "../town-gateway.ts";
import { makeVote } from "../votes.ts";
import { type FaultGateway, openFaultGateway } from "./fault-gateway.ts";
import { faultRun } from "./fault-run.ts";
import { openFaultTotem } from "./fault-totem.ts";
import { tallyOf } from "./tally.ts";
import { virtualTime } from "./virtual-time.ts";
import { openWire, SOUND_WIRE } from "./wire.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "faccine-faults-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a seeded run", () => {
  it.each([1, 2, 3, 4, 5])("with seed %d comes to rest with every vote counted once", async (seed) => {
    const result = await faultRun(seed, { dir, series: 0 });
    expect(result).toMatchObject({ lost: 0, doubled: 0, miscounted: 0, stuck: 0 });
    expect(result.votes).toBeGreaterThan(0);
  });

  it("is the same run again with the same seed", async () => {
    const [one, again] = [await faultRun(6, { dir, series: 1 }), await faultRun(6, { dir, series: 2 })];
    expect(again).toEqual(one);
  });
});

describe("the tally, beside a gateway that took four votes", () => {
  const TOTEM = "totem-1";
  const VOTES = 4;
  let gateway: FaultGateway;
  let databaseFile: string;
  let votes: readonly VoteEntry[];

  beforeEach(async () => {
    databaseFile = join(dir, "gateway.db");
    ({ gateway, votes } = await castVotes(databaseFile));
  });
  afterEach(() => gateway.close());

  const tally = async (cast = votes) =>
    tallyOf({
      store: gateway.store(),
      databaseFile,
      cast: [{ totemId: TOTEM, votes: cast }],
      before: [],
      after: await gateway.store().countSpans([{ fromDay: "2000-01-01", toDay: "2100-01-01" }]),
    });
  const tamper = (sql: string) => {
    const database = new Database(databaseFile);
    database.exec(sql);
    database.close();
  };

  it("finds nothing wrong when nothing is", async () => {
    expect(await tally()).toEqual({ lost: 0, doubled: 0, miscounted: 0 });
  });

  it("misses a vote that is gone", async () => {
    tamper("DELETE FROM vote WHERE no = 2");
    expect(await tally()).toMatchObject({ lost: 1, doubled: 0 });
  });

  it("sees a vote that is there twice", async () => {
    tamper(`CREATE TEMP TABLE twin AS SELECT * FROM vote WHERE no = 2;
            UPDATE twin SET no = 99; INSERT INTO vote SELECT * FROM twin`);
    expect(await tally()).toMatchObject({ lost: 0, doubled: 1 });
  });

  it("sees a vote nobody cast", async () => {
    expect(await tally(votes.slice(1))).toMatchObject({ lost: 0, doubled: 1 });
  });

  it("sees a counter that is one off", async () => {
    tamper(
      `UPDATE month_count SET green = green + 1 WHERE (month, place_no) = (SELECT month, place_no FROM month_count LIMIT 1);
       UPDATE day_count SET green = green + 1 WHERE (day, place_no) = (SELECT day, place_no FROM day_count LIMIT 1)`,
    );
    expect(await tally()).toEqual({ lost: 0, doubled: 0, miscounted: 1 });
  });

  it("sees a ticket that counts for nobody", async () => {
    tamper("UPDATE vote SET verdict = 2 WHERE no = 1");
    expect((await tally()).miscounted).toBeGreaterThan(0);
  });

  it("sees a totem's own sum that is one off", async () => {
    tamper("UPDATE totem_count SET received = received + 1");
    expect(await tally()).toEqual({ lost: 0, doubled: 0, miscounted: 1 });
  });

  async function castVotes(file: string) {
    const [key, gatewayKey] = [makeSigningKey(), makeSigningKey()];
    const random = seeded(7);
    const time = virtualTime(Date.UTC(2026, 2, 10, 8));
    const [up, down] = [openWire(SOUND_WIRE, { random, time }), openWire(SOUND_WIRE, { random, time })];
    const opened = openFaultGateway({
      databaseFile: file,
      key: gatewayKey,
      journalKeys: new Map([[TOTEM, key.publicKeyHex]]),
      sites: directoryOf(fullTownSettings()).rules,
      random,
      time,
      answer: (_, receipt) => down.carry(receipt, (arrived) => totem.receive(arrived)),
    });
    opened.heal();
    await opened.store().registerTotem(totemRecord(TOTEM, key.publicKeyHex, ""));
    const totem = openFaultTotem({
      totemId: TOTEM,
      key,
      gatewayKey: publicKeyFromHex(gatewayKey.publicKeyHex),
      random,
      time,
      send: (batch) => up.carry(batch, (arrived) => opened.receive(TOTEM, arrived)),
    });
    const boot = { bootId: "boot", bootMs: time.nowMs() };
    const cast = Array.from({ length: VOTES }, () =>
      makeVote(random, { atMs: time.nowMs(), boot, services: FIRST_OFFICE_SERVICES }),
    );
    for (const vote of cast) totem.cast(vote);
    await time.runUntil(time.nowMs() + 60_000);
    expect(totem.pending()).toBe(0);
    totem.close();
    return { gateway: opened, votes: cast };
  }
});

describe("the rows of the runs", () => {
  const GOOD = { votes: 10, lost: 0, doubled: 0, miscounted: 0, stuck: 0 };

  it("are good when no run found anything", () => {
    expect(
      faultRows([
        { ...GOOD, seed: 1 },
        { ...GOOD, seed: 2 },
      ]),
    ).toMatchObject([
      { name: "votes lost, doubled or miscounted in 2 seeded fault runs", value: 0, ok: true },
      { value: 20, goal: null },
    ]);
  });

  it("add up what was found and name the seeds to look at", () => {
    const [row] = faultRows([
      { ...GOOD, seed: 1 },
      { ...GOOD, seed: 2, lost: 1 },
      { ...GOOD, seed: 3, stuck: 2 },
    ]);
    expect(row).toMatchObject({
      value: 3,
      ok: false,
      note: expect.stringMatching(/lost 1.*stuck 2; seeds 2, 3$/),
    });
  });
});
