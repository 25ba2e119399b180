/** Months that publish themselves: static files on a web site of one's own, in the system's Chromium. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { Parser } from "n3";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proofFolder, writeProof } from "#gateway/proof/write-proof.ts";
import { monthFiles } from "#gateway/publication/month-files.ts";
import { publicFolder, publishMonths } from "#gateway/publication/write-publication.ts";
import { LANGUAGES } from "#schemas/code-list.ts";
import { dayStartMs } from "#schemas/local-day.ts";
import type { Publication } from "#schemas/publication.ts";
import { fullTownSettings, ZONE } from "../bench/town.ts";
import { describeWithTool } from "../outside-tools.ts";
import { lateVote, liveThroughMonth, MONTH, type Town } from "../verify/town.fixture.ts";
import { findings, openBrowser } from "./browser.fixture.ts";
import { type Site, serveFolder } from "./site.fixture.ts";

let town: Town;
let dataDir: string;
let folder: string;
beforeAll(async () => {
  town = await liveThroughMonth();
  dataDir = mkdtempSync(join(tmpdir(), "faccine-published-"));
  folder = publicFolder(dataDir);
  await writeProof(town, proofFolder(dataDir));
}, 120_000);
afterAll(async () => {
  await town.store.close();
  for (const one of [dataDir, town.folder]) rmSync(one, { recursive: true });
});

const publish = (day: string, store = town.store) => {
  const settings = { ...fullTownSettings(), dataDir };
  const parts = { store, directory: town.directory, settings };
  const nowMs = () => dayStartMs(day, ZONE) + 4 * 3_600_000;
  return publishMonths({ ...parts, nowMs, files: monthFiles(parts) });
};
const monthFile = (name: string) => readFileSync(join(folder, MONTH, name), "utf8");
const everything = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(
      (file) =>
        `${file.parentPath}/${file.name} ${readFileSync(join(file.parentPath, file.name)).toString("hex")}`,
    )
    .sort();
const alarms = async () => (await town.store.alarms()).map(({ code, detail }) => `${code}: ${detail}`);

describe("a closed month", () => {
  it("waits for its day, is an alarm ten days after it, and is then published as a folder of its own", async () => {
    expect(await publish("2026-11-04")).toEqual({ months: [], problems: [] });
    // Frozen already: what comes from now on is late.
    expect(await town.store.frozenMonth(MONTH)).toMatchObject({ month: MONTH, revision: 1 });
    expect(existsSync(join(folder, MONTH))).toBe(false);
    expect(readFileSync(join(folder, "en.html"), "utf8")).toContain("No month is published yet.");
    const silent = { ...town.store, monthProof: async () => null };
    await publish("2026-11-10", silent);
    expect(await alarms()).toEqual([`month-unpublished: not published: ${MONTH}`]);
    expect(await publish("2026-11-05")).toEqual({ months: [MONTH], problems: [] });
    expect(await alarms()).toEqual([]);
    expect(readFileSync(join(folder, "index.html"), "utf8")).toContain(`href="${MONTH}/index.html"`);
  });

  it("says the same in its page, its CSV and its data, and hides what the CSV hides", () => {
    const data = JSON.parse(monthFile("publication.json")) as Publication;
    const rows: Record<string, string>[] = parse(monthFile("monthly.csv"), { columns: true });
    const voted = rows.filter((row) => row["wording_version"] !== "");
    expect(voted.length).toBeGreaterThan(3);
    const text = (figure: number | null) => (figure === null ? "" : String(figure));
    expect(
      data.rows.map((row) => [
        ...[row.uo, row.serviceId, text(row.valid), text(row.green), text(row.yellow), text(row.red)],
        ...Object.values(row.reasons).map(text),
      ]),
    ).toEqual(
      voted.map((row) =>
        [
          ...["uo_code", "service_id", "votes_valid", "green", "yellow", "red"],
          ...["reason_wait", "reason_staff", "reason_return", "reason_outcome", "reason_none"],
        ].map((name) => row[name]),
      ),
    );
    expect(data.rows.flatMap(({ green, reasons }) => [green, ...Object.values(reasons)])).toContain(null);
    expect(voted.every((row) => row["status"] === "final" && row["revision"] === "1")).toBe(true);
    expect(voted[0]?.["checkpoint_root"]).toMatch(/^[0-9a-f]{64}$/);
    for (const language of LANGUAGES) {
      const page = monthFile(language === "it" ? "index.html" : `${language}.html`);
      for (const { valid } of data.rows) if (valid !== null) expect(page).toContain(`>${valid}</td>`);
    }
  });

  it("has a catalogue record that says the same in Turtle and JSON-LD", () => {
    const base = `https://www.comune.example/${MONTH}/`;
    const quads = new Parser({ baseIRI: base }).parse(monthFile("dcat.ttl"));
    const values = (property: string) =>
      quads.filter(({ predicate }) => predicate.value.endsWith(property)).map(({ object }) => object.value);
    const record = JSON.parse(monthFile("dcat.jsonld")) as Record<string, { readonly "@value": string }>;
    expect(values("terms/title")).toContain(record["dct:title"]?.["@value"]);
    // What DCAT-AP_IT wants of every data set.
    for (const property of [
      "terms/identifier",
      "terms/description",
      "terms/modified",
      "dcat#theme",
      "terms/rightsHolder",
      "terms/accrualPeriodicity",
    ])
      expect(values(property).length, property).toBeGreaterThan(0);
    expect(values("dcat#downloadURL")).toEqual(
      ["monthly.csv", "monthly-excel-it.csv", "publication.json"].map((name) => base + name),
    );
    for (const name of values("dcat#downloadURL"))
      expect(existsSync(join(folder, MONTH, name.slice(base.length)))).toBe(true);
  });

  it("stands when it is looked at again, also after a late vote; only what offices say may change", async () => {
    const before = everything();
    await lateVote(town, `${MONTH}-02`);
    await writeProof(town, proofFolder(dataDir));
    expect(await publish("2026-12-20")).toEqual({ months: [], problems: [] });
    const now = everything().filter((file) => !file.includes("/proof/"));
    expect(now).toEqual(before.filter((file) => !file.includes("/proof/")));
    const office = (JSON.parse(monthFile("publication.json")) as Publication).rows[0]?.officeId ?? "";
    cpSync(join(folder, MONTH), join(dataDir, "before"), { recursive: true });
    const actions = join(dataDir, "actions");
    mkdirSync(actions);
    writeFileSync(
      join(actions, `${MONTH}.yaml`),
      `${office}:\n  it: Apriamo <un> secondo sportello.\n  de: Wir öffnen einen zweiten Schalter.\n`,
    );
    await publish("2026-12-21");
    expect(monthFile("index.html")).toContain("Apriamo &#60;un&#62; secondo sportello.");
    expect(monthFile("de.html")).toContain("Wir öffnen einen zweiten Schalter.");
    // Where a language is missing, Italian is better than nothing.
    expect(monthFile("sl.html")).toContain("Apriamo");
    expect(monthFile("publication.json")).toBe(
      readFileSync(join(dataDir, "before", "publication.json"), "utf8"),
    );
  });

  it("is as it was proved when a vote comes late between its proof and its day; and is written again when the folder is lost", async () => {
    // The late vote of before is in the counters, and in no published figure.
    const before = readFileSync(join(folder, MONTH, "publication.json"), "utf8");
    rmSync(join(folder, MONTH), { recursive: true });
    expect(await publish("2026-12-22")).toEqual({ months: [MONTH], problems: [] });
    expect(readFileSync(join(folder, MONTH, "publication.json"), "utf8")).toBe(before);
  });

  it("that is not what its proof says is not published, and it is said where", async () => {
    const other = mkdtempSync(join(tmpdir(), "faccine-unproved-"));
    const settings = { ...fullTownSettings(), dataDir: other };
    // Its figures were lost, and nobody knows any more which vote was late: it makes others.
    const store = { ...town.store, frozenMonth: async () => null, lateCounts: async () => [] };
    const parts = { store, directory: town.directory, settings };
    const { months, problems } = await publishMonths({
      ...{ ...parts, nowMs: () => dayStartMs("2026-12-20", ZONE), files: monthFiles(parts) },
    });
    expect(months).toEqual([]);
    expect(problems.join("\n")).toMatch(
      new RegExp(`^${MONTH}: \\S+, wording 1, green: \\d+ published, \\d+ proved`, "m"),
    );
    rmSync(other, { recursive: true });
  });
});

describeWithTool("chromium", "the published pages", (chromium) => {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    site = await serveFolder(folder);
    browser = await openBrowser(chromium);
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  it("have no finding of axe-core in any language, wide and narrow, and no dead link", async () => {
    const page = await browser.newPage();
    const missing: string[] = [];
    page.on("response", (response) => {
      if (!response.ok()) missing.push(response.url());
    });
    for (const language of LANGUAGES) {
      const file = language === "it" ? "index.html" : `${language}.html`;
      for (const path of [file, `${MONTH}/${file}`]) {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(`${site.url}/${path}`);
          expect([path, width, await findings(page)]).toEqual([path, width, []]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
        }
        const links = await page
          .locator("a[href]")
          .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
        for (const link of links.filter((one) => one.startsWith(site.url) && !one.includes("#")))
          expect([link, (await fetch(link)).status]).toEqual([link, 200]);
      }
    }
    expect(missing).toEqual([]);
  });
});
