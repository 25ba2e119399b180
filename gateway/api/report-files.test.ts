import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Period } from "#schemas/local-day.ts";
import { directoryOf } from "../directory.ts";
import { CSV_PROFILES, type CsvProfile } from "../reports/csv.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import {
  fillWithGolden,
  GOLDEN,
  GOLDEN_DIRECTORY,
  GOLDEN_SETTINGS,
  goldenFile,
} from "./golden-votes.fixture.ts";
import { columnsOf, reportFile, reportRows } from "./report-files.ts";
import type { ReportQuery } from "./report-query.ts";

const SPRING = { fromDay: "2026-03-28", toDay: "2026-03-31" };
const AUTUMN = { fromDay: "2026-10-24", toDay: "2026-10-27" };
const MARCH = { fromDay: "2026-03-01", toDay: "2026-04-01" };
const OCTOBER = { fromDay: "2026-10-01", toDay: "2026-11-01" };
const YEAR = { fromDay: "2026-01-01", toDay: "2027-01-01" };

const exact = (by: Period, span: ReportQuery["span"], profile: CsvProfile = "open"): ReportQuery => ({
  ...{ kind: "aggregate", by, span, format: "csv", profile, isExact: true },
});
const monthly = (span: ReportQuery["span"]): ReportQuery => ({ ...exact("month", span), kind: "monthly" });

const open = async (options: Parameters<typeof fillWithGolden>[1] = {}): Promise<Store> => {
  const store = openSqliteStore(":memory:", 0);
  await fillWithGolden(store, options);
  return store;
};

const fileOf = async (store: Store, query: ReportQuery, pageRows = 1_000): Promise<string> => {
  const parts = { store, directory: GOLDEN_DIRECTORY, settings: GOLDEN_SETTINGS, pageRows };
  let text = "";
  for await (const chunk of await reportFile(parts, query)) text += chunk;
  return text;
};

describe("report files over votes around both changes of the clock", () => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it.each([
    ["hours-03.csv", exact("hour", SPRING)],
    ["hours-10.csv", exact("hour", AUTUMN)],
    ["days-03.csv", exact("day", SPRING)],
    ["days-10.csv", exact("day", AUTUMN)],
    ["days-03-excel-it.csv", exact("day", SPRING, "excel-it")],
    ["days-10-excel-it.csv", exact("day", AUTUMN, "excel-it")],
    ["weeks-03.csv", exact("week", MARCH)],
    ["weeks-10.csv", exact("week", OCTOBER)],
    ["cut-month-03.csv", exact("month", SPRING)],
    ["cut-month-10.csv", exact("month", AUTUMN)],
    ["monthly-03.csv", monthly(MARCH)],
    ["monthly-10.csv", monthly(OCTOBER)],
  ])("are the bytes that a second program in another language expects: %s", async (name, query) => {
    expect(await fileOf(store, query)).toBe(goldenFile(name));
  });

  it("say of a month that it is final once its last day is closed, and change in nothing else", async () => {
    const closing = await open();
    const provisional = await fileOf(closing, monthly(MARCH));
    await closing.closeThrough("2026-03-30", 0);
    expect(await fileOf(closing, monthly(MARCH))).toBe(provisional);
    await closing.closeThrough("2026-03-31", 0);
    const final = await fileOf(closing, monthly(MARCH));
    expect(final).toBe(provisional.replaceAll("provisional", "final"));
    expect(final).not.toBe(provisional);
    expect(await fileOf(closing, monthly(OCTOBER))).toContain("provisional");
    await closing.close();
  });

  it("have 23 hours on one Sunday and 25 on the other", async () => {
    const hoursOf = async (day: string, next: string) => {
      const rows = await cellsOf(store, exact("hour", { fromDay: day, toDay: next }));
      return new Set(rows.filter((row) => row["site"] === "municipio").map((row) => row["period"]));
    };
    const spring = await hoursOf("2026-03-29", "2026-03-30");
    expect(spring).not.toContain("2026-03-29T02:00+01:00");
    expect(spring).not.toContain("2026-03-29T02:00+02:00");
    const autumn = await hoursOf("2026-10-25", "2026-10-26");
    expect(autumn).toContain("2026-10-25T02:00+02:00");
    expect(autumn).toContain("2026-10-25T02:00+01:00");
  });

  it.each(CSV_PROFILES)(
    "hold the rows cell by cell, as an independent reader finds them (%s)",
    async (profile) => {
      const query = exact("day", AUTUMN, profile);
      const parts = { store, directory: GOLDEN_DIRECTORY, settings: GOLDEN_SETTINGS };
      const read = await cellsOf(store, query);
      let index = 0;
      for await (const rows of reportRows(parts, query)) {
        for (const row of rows) {
          const cells = read[index] ?? {};
          expect(cells["votes_valid"]).toBe(String(row.valid));
          expect(cells["office_id"]).toBe(row.line.place.officeId);
          expect(cells["green"]).toBe(String(row.line.tally.cells[0]));
          const share = row.score === null ? "" : (row.score.share / 10).toFixed(1);
          expect(cells["green_pct"]).toBe(profile === "open" ? share : share.replace(".", ","));
          index += 1;
        }
      }
      expect(index).toBe(read.length);
      expect(read.length).toBeGreaterThan(5);
    },
  );

  it("keep a formula in an office's or service's name a text, in both profiles", async () => {
    for (const profile of CSV_PROFILES) {
      const rows = await cellsOf(store, exact("day", AUTUMN, profile));
      const names = new Set(rows.flatMap((row) => [row["office_name"], row["service_name"]]));
      expect(names).toContain(`'=Demografici; "casa"`);
      expect(names).toContain("'@stato civile");
      expect([...names].filter((name) => /^[=+\-@]/.test(name ?? ""))).toEqual([]);
    }
  });

  it("are sorted by day, hours by the moment they begin, then site, office, service and wording", async () => {
    for (const by of ["hour", "day", "week", "month"] as const) {
      const keys = (await cellsOf(store, exact(by, YEAR))).map((row) => [
        row["period_start"]?.slice(0, 10) ?? "",
        ...(by === "hour" ? [new Date(row["period_start"] ?? "").toISOString()] : []),
        ...["site", "office_id", "service_id"].map((name) => row[name] ?? ""),
        (row["wording_version"] ?? "").padStart(4, "0"),
      ]);
      expect(keys).toEqual([...keys].sort(compareKeys));
      expect(new Set(keys.map((key) => JSON.stringify(key))).size).toBe(keys.length);
    }
  });

  it("are the same bytes on a second run, page by page or in one, and from a store fed in another order", async () => {
    const other = await open({ votes: [...GOLDEN.votes].reverse(), batchEntries: 7 });
    for (const isExact of [true, false]) {
      for (const by of ["hour", "day", "week", "month"] as const) {
        const query = { ...exact(by, YEAR), isExact };
        const once = await fileOf(store, query);
        expect(once.length).toBeGreaterThan(1_000);
        expect(await fileOf(store, query)).toBe(once);
        expect(await fileOf(store, query, 1)).toBe(once);
        expect(await fileOf(store, query, 7)).toBe(once);
        expect(await fileOf(other, query)).toBe(once);
      }
    }
    await other.close();
  });

  it("add up to the same votes, whatever they are divided by", async () => {
    const sums = await Promise.all(
      (["hour", "day", "week", "month"] as const).map(async (by) => {
        const rows = await cellsOf(store, exact(by, YEAR));
        return [
          "votes_valid",
          "green",
          "yellow",
          "red",
          "reason_wait",
          "rejected_used",
          "conflict_votes",
        ].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0));
      }),
    );
    expect(sums[0]?.[0]).toBeGreaterThan(100);
    expect(new Set(sums.map((sum) => JSON.stringify(sum))).size).toBe(1);
  });

  it("never pool two wordings of a service", async () => {
    const rows = await cellsOf(store, exact("month", OCTOBER));
    const versions = rows.filter((row) => row["service_id"] === "imu").map((row) => row["wording_version"]);
    expect(versions).toEqual(["1", "2"]);
  });
});

describe("report files for readers who may not see exact figures", () => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it("hold no cell below five, and say in which rows something is hidden", async () => {
    let hidden = 0;
    for (const by of ["hour", "day", "week", "month"] as const) {
      const query = { ...exact(by, YEAR), isExact: false };
      const names = columnsOf(query)
        .map((column) => column.name)
        .filter((name) => /^(votes_valid|green|yellow|red|reason_.*|rejected_.*|.*_votes)$/.test(name));
      for (const row of await cellsOf(store, query)) {
        for (const name of names) expect(["1", "2", "3", "4"]).not.toContain(row[name]);
        if (row["green_pct"] !== "") expect(Number(row["votes_valid"])).toBeGreaterThanOrEqual(10);
        const isHidden = names.some((name) => row[name] === "");
        if (isHidden) expect(row["suppressed"]).toBe("1");
        if (isHidden) hidden += 1;
      }
    }
    expect(hidden).toBeGreaterThan(100);
  });

  it("show of a month cut by the dates asked for no more than its days show", async () => {
    const query = { ...exact("month", { fromDay: "2026-10-01", toDay: "2026-10-25" }), isExact: false };
    const whole = await cellsOf(store, { ...query, span: OCTOBER });
    const cut = await cellsOf(store, query);
    const votesOf = (rows: typeof whole) =>
      rows.find((row) => row["service_id"] === "anagrafe")?.["votes_valid"];
    expect(Number(votesOf(whole))).toBeGreaterThan(30);
    expect(votesOf(cut)).toBe("");
  });

  it("gather an office of two people with a service of another one under the name of the site", async () => {
    const [municipio, ...others] = GOLDEN_SETTINGS.sites;
    const offices = municipio?.offices.map((office) =>
      office.officeId === "tributi" ? { ...office, staff: 2 } : office,
    );
    const settings = { ...GOLDEN_SETTINGS, sites: [{ ...municipio, offices } as never, ...others] };
    const parts = { store, directory: directoryOf(settings), settings };
    const query = { ...exact("month", OCTOBER), isExact: false };
    const shown = new Map<string, number | null>();
    for await (const rows of reportRows(parts, query)) {
      for (const { line, valid } of rows) {
        const { officeId, serviceId } = line.place;
        shown.set(`${officeId}/${serviceId}/${line.wording}`, valid);
      }
    }
    expect([...shown.keys()].filter((key) => key.startsWith("tributi"))).toEqual([]);
    // The 40 votes with the second wording are those of the small office alone: nobody else stands behind them.
    expect(shown.get("//2")).toBeNull();
    expect(shown.get("//1")).toBeGreaterThan(40);
    expect(shown.get("demografici/stato-civile/1")).toBeGreaterThan(10);
    expect(shown.has("demografici/anagrafe/1")).toBe(false);
  });
});

/** The rows of a file as an independent reader finds them, by column. */
async function cellsOf(store: Store, query: ReportQuery): Promise<readonly Record<string, string>[]> {
  return parse(await fileOf(store, query), {
    bom: true,
    columns: true,
    delimiter: query.profile === "open" ? "," : ";",
  });
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index === -1 ? 0 : (a[index] as string) < (b[index] as string) ? -1 : 1;
}
