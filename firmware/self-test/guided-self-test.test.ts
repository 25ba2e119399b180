/**
 * The self-test at a whole totem: real loop, session and journal, simulated devices, faults planted in harness and lamps.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FACES, KEYS, type Key, REASON_KEYS } from "#schemas/code-list.ts";
import {
  READINESS_REPORT,
  type ReadinessReport,
  SELF_TEST_ITEMS,
  SELF_TESTS_KEPT_MAX,
} from "#schemas/self-test.ts";
import { TOTEM_DEFAULTS } from "#schemas/totem-settings.ts";
import { codeOf } from "../tickets/tickets.fixture.ts";
import { bytesOf, openTotem, startTime, stopTime, type TestTotem, votesOf } from "../totem.fixture.ts";
import {
  type GuidedSelfTest,
  guidedSelfTest,
  type SelfTestNews,
  type WrittenReport,
} from "./guided-self-test.ts";
import { LONGEST_MS } from "./items.ts";
import { openSelfTest } from "./open-self-test.ts";
import { writeReport } from "./report-files.ts";

const VERSIONS = { firmware: "0.1.0", node: "v24", sqlite: "3", schema: 1 };

beforeEach(() => stopTime());
afterEach(() => startTime());

type Tested = TestTotem & {
  readonly news: SelfTestNews[];
  readonly report: () => ReadinessReport;
  readonly files: () => readonly string[];
  /** What the technician does at a sound totem, until the test ends. */
  readonly obey: () => Promise<void>;
  readonly begin: () => Promise<void>;
};

/** A totem whose self-test is the real one. `pressed` is which key answers to the finger on another: a harness. */
async function openTested(pressed: (key: Key) => Key | null = (key) => key): Promise<Tested> {
  let guided: GuidedSelfTest | null = null;
  const news: SelfTestNews[] = [];
  const so: TestTotem = await openTotem({
    selfTest: { begin: (onChange) => opened().begin(onChange) },
  });
  const opened = (): GuidedSelfTest => {
    guided ??= openSelfTest({
      ...so,
      settings: { ...TOTEM_DEFAULTS, totemId: "totem-1", siteId: "municipio", dataDir: so.dataDir },
      site: so.settings,
      isConnected: () => false,
      versions: VERSIONS,
    });
    guided.onNews((one) => news.push(one));
    return guided;
  };
  const written = (): WrittenReport => {
    const last = news.findLast((one) => one.type === "finished");
    if (last === undefined) throw new Error("the self-test has not finished");
    return last.written;
  };
  const finger = async (key: Key) => {
    const answers = pressed(key);
    if (answers !== null) await so.press(answers);
    await so.pass(700);
  };
  return {
    ...so,
    news,
    report: () => written().report,
    files: () => written().files,
    begin: async () => {
      await so.press("service");
      await so.pass(700);
    },
    obey: async () => {
      for (let steps = 0; steps < 60; steps += 1) {
        const asks = so.totem.selfTestProgress();
        if (asks === null) break;
        const before = asks.item;
        if (asks.step === "scanner") await so.scan(codeOf(1));
        else if (asks.step === "keys") await finger(before.slice("key-".length) as Key);
        else if (asks.step === "lamps") {
          const { lamps } = so.totem.view();
          const lit = KEYS.find((key) => key !== "service" && lamps[key] === "on");
          if (lit !== undefined) await finger(lit);
        } else if (asks.step !== "checks") await finger("green");
        // Nothing answered: the item waits, and the technician with it.
        if (so.totem.selfTestProgress()?.item === before) await so.pass(29_400);
      }
      await so.pass(100);
    },
  };
}

const resultOf = (report: ReadinessReport, item: string) => report.items.find((one) => one.item === item);

describe("a sound totem with nothing but its keys", () => {
  it("goes from the service key to a report, takes no vote on the way and says that it passed", async () => {
    const so = await openTested();
    await so.begin();
    expect(so.totem.view()).toMatchObject({ testMode: true, selfTest: "running" });
    expect(Object.values(so.totem.view().lamps)).toEqual(
      Object.values(so.totem.view().lamps).map(() => "off"),
    );
    await so.obey();
    const report = so.report();
    expect(READINESS_REPORT.problems(report)).toEqual([]);
    expect(report.items.map(({ item }) => item)).toEqual(SELF_TEST_ITEMS);
    expect(report.items.filter(({ result }) => result === "failed" || result === "skipped")).toEqual(
      // A temporary folder of the machine that tests may lie in memory: then this, and only this, is found.
      report.items.filter(({ item, problem }) => item === "data-folder" && problem === "volatile"),
    );
    expect(resultOf(report, "gateway")).toMatchObject({ result: "noted", problem: "not-connected" });
    expect(resultOf(report, "journal")?.result).toBe("passed");
    expect(resultOf(report, "scanner")).toMatchObject({ result: "passed", found: String(codeOf(1).length) });
    expect(so.totem.view().selfTest).toBe(report.ready ? "passed" : "failed");
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toEqual([]);
    await so.close();
  });

  it("keeps the scanned code nowhere, and spends it on nothing", async () => {
    const so = await openTested();
    await so.begin();
    await so.obey();
    expect(bytesOf(so.dataDir).includes(codeOf(1))).toBe(false);
    expect(JSON.stringify([so.lines, so.news])).not.toContain(codeOf(1));
    await so.press("service");
    await so.pass(700);
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    await so.close();
  });

  it("writes the report for its owner alone, whole, as data and as pages in both languages", async () => {
    const so = await openTested();
    await so.begin();
    await so.obey();
    expect(so.files().map((file) => file.split(".").at(-1))).toEqual(["json", "html", "html"]);
    for (const file of so.files()) expect(statSync(file).mode & 0o777).toBe(0o600);
    const [json = "", italian = "", english = ""] = so.files();
    expect(JSON.parse(readFileSync(json, "utf8"))).toEqual(so.report());
    expect(readFileSync(italian, "utf8")).toContain("Tempo di attesa");
    expect(readFileSync(english, "utf8")).toContain("Waiting time");
    expect(readdirSync(join(so.dataDir, "reports")).filter((name) => name.endsWith(".unfinished"))).toEqual(
      [],
    );
    await so.close();
  });
});

describe("a fault planted in the machine", () => {
  it("a swapped harness is named key by key, and the totem is not ready", async () => {
    const swapped: Partial<Record<Key, Key>> = { wait: "staff", staff: "wait" };
    const so = await openTested((key) => swapped[key] ?? key);
    await so.begin();
    await so.obey();
    expect(resultOf(so.report(), "key-wait")).toMatchObject({ problem: "other-key", answered: "staff" });
    expect(resultOf(so.report(), "key-staff")).toMatchObject({ problem: "other-key", answered: "wait" });
    expect(resultOf(so.report(), "key-red")?.result).toBe("passed");
    expect(so.report().ready).toBe(false);
    expect(so.totem.view().selfTest).toBe("failed");
    await so.close();
  });

  it("a dead lamp fails its item, and a dead key fails its own two", async () => {
    const so = await openTested((key) => (key === "yellow" ? null : key));
    const show = so.totem.view.bind(so.totem);
    vi.spyOn(so.totem, "view").mockImplementation(() => {
      const view = show();
      // The wire of this lamp is broken: whatever it is told, nobody sees it lit.
      return { ...view, lamps: { ...view.lamps, outcome: "off" } };
    });
    await so.begin();
    await so.obey();
    const failed = so.report().items.filter(({ problem }) => problem === "no-answer");
    expect(failed.map(({ item }) => item)).toEqual(["key-yellow", "lamp-yellow", "lamp-outcome"]);
    expect(so.report().ready).toBe(false);
    await so.close();
  });

  it("a journal that does not commit is found, and out of order the test runs all the same", async () => {
    const so = await openTested();
    so.trouble.fails = "journal-failed";
    await so.begin();
    await so.obey();
    expect(resultOf(so.report(), "journal")).toMatchObject({ result: "failed", problem: "not-committed" });
    so.trouble.fails = null;
    await so.close();
  });

  it("a check that breaks ends nothing", async () => {
    const so = await openTested();
    vi.spyOn(so.journal, "probe").mockRejectedValue(new Error("nobody foresaw this"));
    await so.begin();
    await so.obey();
    expect(resultOf(so.report(), "journal")).toMatchObject({ result: "failed", problem: "broke" });
    expect(resultOf(so.report(), "disk")?.result).toBe("passed");
    await so.close();
  });

  it("a report that cannot be written is a test that failed, and whoever waits for it is told", async () => {
    const so = await openTested();
    // What a damaged file system or a wrong hand left in the folder's place.
    writeFileSync(join(so.dataDir, "reports"), "no folder");
    await so.begin();
    await so.obey();
    expect(so.news.at(-1)?.type).toBe("given-up");
    expect(so.totem.view().selfTest).toBe("failed");
    await so.close();
  });
});

describe("a technician who", () => {
  it("walks away leaves a totem that ends the test by itself, says failed, and goes live", async () => {
    const so = await openTested();
    await so.begin();
    await so.pass(LONGEST_MS + 1_000);
    expect(so.report().ready).toBe(false);
    expect(so.report().items).toHaveLength(SELF_TEST_ITEMS.length);
    expect(so.totem.view()).toMatchObject({ testMode: true, selfTest: "failed" });
    await so.pass(TOTEM_DEFAULTS.session.testModeMs);
    expect(so.totem.view()).toMatchObject({ testMode: false, selfTest: null });
    await so.close();
  });

  it("switches the totem off in the middle leaves no report and no trace", async () => {
    const so = await openTested();
    await so.begin();
    await so.close();
    expect(so.news.at(-1)?.type).toBe("given-up");
    expect(readdirSync(so.dataDir)).not.toContain("reports");
  });

  it("asks at the terminal is told when somebody is voting, and when a test runs", async () => {
    const so = await openTested();
    await so.scan(codeOf(1));
    expect(so.totem.testItself()).toBe("voting");
    await so.press("green");
    await so.pass(3_100);
    expect(so.totem.testItself()).toBe("begun");
    expect(so.totem.testItself()).toBe("running");
    await so.close();
  });

  it("presses and scans whatever comes to mind makes no vote and no refusal", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...KEYS), fc.constant("scan" as const)), { maxLength: 25 }),
        async (actions) => {
          const so = await openTested();
          await so.begin();
          for (const action of actions) {
            if (so.totem.view().selfTest !== "running") break;
            if (action === "scan") await so.scan(codeOf(1));
            else await so.press(action);
            await so.pass(600);
          }
          const kinds = (await so.entries()).map(({ kind }) => kind);
          expect(kinds).not.toContain("vote");
          expect(kinds).not.toContain("refusals");
          expect(so.phase()).toBe("idle");
          await so.close();
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("the contacts", () => {
  it("are watched only where the keys can show them, and the kernel's debounce is given back at the end", async () => {
    const stop = vi.fn();
    const indicators = { play: () => undefined, say: () => undefined };
    const reports: (ReadinessReport["bounce"] | undefined)[] = [];
    const begin = (watchContacts?: () => () => void) =>
      guidedSelfTest({
        clock: { nowMs: () => 1, entryTime: () => ({ wallMs: 1 }) as never },
        indicators,
        keys: watchContacts === undefined ? {} : { watchContacts },
        log: { info: () => undefined, error: () => undefined },
        hasVoice: false,
        language: () => "it",
        checks: async () => [],
        report: async ({ bounce }) => {
          reports.push(bounce);
          return { report: {} as ReadinessReport, files: [] };
        },
      }).begin(() => undefined);
    for (const running of [begin(() => stop), begin()]) {
      running.edge({ key: "green", active: true, atMs: 100, initial: false });
      running.edge({ key: "green", active: false, atMs: 103, initial: false });
      for (const key of [...FACES, ...REASON_KEYS, "assist", "service"] as const) running.pressed(key);
      for (let skipped = 0; skipped < 20; skipped += 1) running.pressed("service");
      await running.done;
    }
    expect(reports[0]?.[0]).toEqual({ key: "green", changes: 1, counts: [0, 0, 0, 1, 0, 0, 0] });
    expect(reports[1]).toBeNull();
    expect(stop).toHaveBeenCalledTimes(1);
  });
});

describe("the report's files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faccine-report-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const report = (startedMs: number): ReadinessReport => ({
    totemId: "totem-1",
    siteId: "municipio",
    ready: false,
    startedMs,
    tookMs: 1,
    clock: "untrusted",
    versions: VERSIONS,
    machine: { model: null, serial: null, kernel: "Linux 6", architecture: "x64", chipLabel: null },
    items: [],
    bounce: null,
  });
  const places = (over: Partial<Parameters<typeof writeReport>[1]> = {}) => ({
    dataDir: join(folder, "data"),
    log: { warn: () => undefined },
    media: [join(folder, "media")],
    mountInfo: () => "",
    ...over,
  });
  const mounted = (options: string) => () =>
    `30 21 8:1 / ${join(folder, "media/stick")} ${options} - vfat /dev/sda1 ${options}\n`;

  it("go onto a stick too, when it is mounted, can be written and was prepared for them", () => {
    mkdirSync(join(folder, "media/stick"), { recursive: true });
    const wanted = { mountInfo: mounted("rw") };
    expect(writeReport(report(1), places(wanted))).toHaveLength(3);
    mkdirSync(join(folder, "media/stick/faccine-reports"));
    expect(writeReport(report(2), places())).toHaveLength(3);
    expect(writeReport(report(3), places({ mountInfo: mounted("ro") }))).toHaveLength(3);
    const files = writeReport(report(4), places(wanted));
    expect(files).toHaveLength(6);
    expect(readdirSync(join(folder, "media/stick/faccine-reports"))).toHaveLength(3);
  });

  it("do not follow a link on a stick, and a stick that refuses costs nothing but itself", () => {
    mkdirSync(join(folder, "media/stick"), { recursive: true });
    mkdirSync(join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), join(folder, "media/stick/faccine-reports"));
    expect(writeReport(report(1), places({ mountInfo: mounted("rw") }))).toHaveLength(3);
    expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
    const warned = vi.fn();
    const broken = places({
      log: { warn: warned },
      mountInfo: () => {
        throw new Error("no mounts today");
      },
    });
    expect(writeReport(report(2), broken)).toHaveLength(3);
    expect(warned).toHaveBeenCalledTimes(1);
  });

  it("are written through no link that lies under their own names, and two of one second stand side by side", () => {
    const stick = join(folder, "media/stick/faccine-reports");
    mkdirSync(stick, { recursive: true });
    writeFileSync(join(folder, "victim"), "mine");
    const [, , , onStick] = writeReport(report(1), places({ mountInfo: mounted("rw") }));
    symlinkSync(join(folder, "victim"), `${onStick?.replace("001Z", "002Z")}.unfinished`);
    expect(writeReport(report(2), places({ mountInfo: mounted("rw") }))).toHaveLength(6);
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("mine");
    expect(readdirSync(stick).filter((name) => name.endsWith("Z.json"))).toHaveLength(2);
  });

  it("one over the limit makes the oldest go", () => {
    for (let count = 0; count <= SELF_TESTS_KEPT_MAX; count += 1)
      writeReport(report(count * 60_000), places());
    const kept = readdirSync(join(folder, "data/reports"));
    expect(kept).toHaveLength(SELF_TESTS_KEPT_MAX * 3);
    expect(kept.filter((name) => name.includes("19700101T000000000Z"))).toEqual([]);
    expect(kept.filter((name) => name.includes("19700101T000100000Z"))).toHaveLength(3);
  });

  it("one written with a clock behind all others is not the one that goes", () => {
    for (let count = 1; count <= SELF_TESTS_KEPT_MAX; count += 1)
      writeReport(report(count * 60_000), places());
    for (const file of writeReport(report(1), places())) expect(statSync(file).size).toBeGreaterThan(0);
    expect(readdirSync(join(folder, "data/reports"))).toHaveLength(SELF_TESTS_KEPT_MAX * 3);
  });
});
