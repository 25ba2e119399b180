import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linesOf, placeKeyOf, shownMonth } from "../reports/lines.ts";
import { rowsOf, servedSums } from "../reports/rows.ts";
import { COUNT_COLUMNS, type CountColumn } from "../rollups/counts.ts";
import { type FilesContent, renderFiles } from "./files-page.ts";
import { html } from "./html.ts";
import { MENU, menuFor } from "./navigation.ts";
import { type OverviewContent, renderOverview } from "./overview-page.ts";
import { PAGE_WORDS } from "./page-words.ts";
import { renderNotAllowed } from "./stranger-page.ts";

const VISIT = { administration: "Comune di Vallechiara", scopes: ["reports", "fleet"], path: "/" };

function files(over: Partial<FilesContent> = {}): FilesContent {
  return {
    sample: true,
    visit: { ...VISIT, path: "/files" },
    settled: new Set(["2026-11", "2026-10"]),
    months: ["2026-11", "2026-10"],
    exact: true,
    ...over,
  };
}

const IMU = { siteId: "municipio", officeId: "tributi", serviceId: "imu" };
const SERVICES = [
  { key: placeKeyOf(IMU), place: IMU, officeName: "Ufficio tributi", serviceName: "IMU" },
  {
    key: "municipio tributi tari",
    place: { ...IMU, serviceId: "tari" },
    officeName: "Ufficio tributi",
    serviceName: "TARI",
  },
];

function content(over: Partial<OverviewContent> = {}): OverviewContent {
  const counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0])) as Record<
    CountColumn,
    number
  >;
  const lines = linesOf([{ ...IMU, wording: 1, counts: { ...counts, green: 90, yellow: 10 } }], null);
  const rows = rowsOf(shownMonth(lines), servedSums([{ place: IMU, served: 200 }]), {
    nameAt: () => ({ period: "2026-10", periodStart: "2026-10-01T00:00:00+02:00", zone: "Europe/Rome" }),
    isExact: false,
  });
  return {
    ...{ sample: true, visit: VISIT, zone: "Europe/Rome", liveStep: 5 },
    sums: { addsUp: true, problems: [] },
    recount: { atMs: Date.UTC(2026, 10, 24, 1, 30), days: 3, mismatches: [] },
    fleet: { online: 1, all: 2, alarms: 0 },
    reports: {
      ...{ day: "2026-11-24", services: SERVICES, month: "2026-10", rows },
      places: { [placeKeyOf(IMU)]: { valid: 35, green: 25, yellow: 5, red: null } },
    },
    ...over,
  };
}

describe("the page of today", () => {
  it("says that everything adds up, what was recounted, and what each service has so far", () => {
    const page = renderOverview(content(), "en");
    expect(page).toContain("Everything adds up.");
    expect(page).toContain("3 days of votes");
    expect(page).toContain('<td data-figure="green" data-label="Green">25</td>');
    expect(page).toContain("gathering");
    expect(page).toContain("in steps of 5");
    expect(renderOverview(content({ recount: { atMs: 0, days: 0, mismatches: [] } }), "it")).toContain(
      "nessun voto",
    );
    expect(renderOverview(content({ recount: null }), "en")).toContain("not been recounted");
  });

  it("says in words what does not add up", () => {
    const sums = { addsUp: false, problems: ["totem-9: red is 3"] };
    const page = renderOverview(content({ sums }), "it");
    expect(page).toContain("I conti non tornano");
    expect(page).toContain("totem-9: red is 3");
  });

  it("shows no figure of services to who may only watch the fleet, nor the fleet to who may only read reports", () => {
    const fleet = renderOverview(content({ reports: null }), "en");
    expect(fleet).toContain("Totems connected");
    expect(fleet).not.toContain("service by service");
    expect(fleet).not.toContain("<script");
    expect(renderOverview(content({ fleet: null }), "en")).not.toContain("Totems connected");
  });

  it("writes hidden figures as hidden, and an interval for each share", () => {
    const page = renderOverview(content(), "en");
    expect(page).toContain('<td data-figure="red" data-label="Red">hidden</td>');
    expect(page).toContain('aria-label="positive 90.0%, with a 95 % interval from 82.6% to 94.5%"');
    expect(page).toContain("50.0% (100 votes of 200 people served)");
  });

  it("marks sample data in both languages and says nothing of it otherwise", () => {
    for (const language of ["it", "en"] as const) {
      expect(renderOverview(content(), language)).toContain("Dati di esempio");
      expect(renderOverview(content({ sample: false }), language)).not.toContain("Dati di esempio");
    }
  });

  it("writes a hostile name as text", () => {
    const visit = { ...VISIT, administration: `<script>alert("x")</script>` };
    const page = renderOverview(content({ visit }), "it");
    expect(page).not.toContain("<script>");
    expect(page).toContain("&#60;script&#62;");
  });
});

describe("the page of files", () => {
  it("offers the files of both months", () => {
    const page = renderFiles(files(), "en");
    for (const month of ["2026-11", "2026-10"]) {
      expect(page).toContain(`/api/v1/reports/monthly.csv?month=${month}`);
      expect(page).toContain(`/api/v1/reports/aggregate.csv?month=${month}&#38;by=day&#38;profile=excel-it`);
    }
  });

  it("leads to the published months and to the report of the last one, in its language", () => {
    expect(renderFiles(files(), "it")).toContain('href="/public/"');
    const page = renderFiles(files(), "en");
    expect(page).toContain('href="/public/en.html"');
    expect(page).toContain('href="/api/v1/reports/ministry.zip?from=2026-10&to=2026-10"');
    expect(page).toContain("Report to the minister, October 2026");
  });

  it("offers of a month that is not settled exact figures or none, and says when there will be files", () => {
    const settled = new Set(["2026-10"]);
    const page = renderFiles(files({ settled }), "en");
    expect(page).toContain("/api/v1/reports/monthly.csv?month=2026-11&#38;exact=1");
    expect(page).not.toContain('monthly.csv?month=2026-11"');
    const viewer = renderFiles(files({ settled, exact: false }), "en");
    expect(viewer).toContain(PAGE_WORDS.en.notSettled);
    expect(viewer).not.toContain("month=2026-11");
    expect(viewer).toContain("month=2026-10");
  });

  it("offers exact figures only to who may read them", () => {
    expect(renderFiles(files(), "it")).toContain("exact=1");
    expect(renderFiles(files({ exact: false }), "it")).not.toContain("exact=1");
  });
});

describe("the menu", () => {
  it("shows each reader the pages that are open to them, and says which one this is", () => {
    const page = renderFiles(files(), "it");
    expect(page).toContain('<a href="/?lang=it">Oggi</a>');
    expect(page).toContain('<a href="/files?lang=it" aria-current="page">File</a>');
    expect(menuFor([], "pages").filter(({ scope }) => scope !== null)).toEqual([]);
    expect(menuFor(["reports"], "pages").map(({ path }) => path)).toContain("/files");
  });

  it("leads who lacks a permission to what is open", () => {
    const refused = renderNotAllowed({ sample: false, visit: { ...VISIT, path: "/fleet" } }, "en");
    expect(refused).toContain("The pages open to you are in the menu.");
    expect(refused).toContain('href="/files?lang=en"');
  });

  it("keeps what the address says when the language is changed, as text", () => {
    const visit = { ...VISIT, path: "/files", query: 'from=2026-01-01&x="><b>' };
    expect(renderFiles(files({ visit }), "it")).toContain(
      'href="?from=2026-01-01&#38;x=&#34;&#62;&#60;b&#62;&#38;lang=en"',
    );
  });

  it("names every page once, in both languages", () => {
    expect(new Set(MENU.map(({ path }) => path)).size).toBe(MENU.length);
    for (const { words } of MENU) expect(words.it === "" || words.en === "").toBe(false);
  });
});

describe("the look", () => {
  it("takes its colours from the design tokens of Italian public sites, each under its own name", () => {
    const file = createRequire(import.meta.url).resolve("design-tokens-italia/dist/css/variables.css");
    const valuesOf = (text: string) =>
      new Map([...text.matchAll(/(--it-[a-z0-9-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]));
    const tokens = valuesOf(readFileSync(file, "utf8"));
    const ours = valuesOf(readFileSync(join(import.meta.dirname, "page.css"), "utf8"));
    expect(ours.size).toBeGreaterThan(10);
    for (const [name, value] of ours) expect([name, value]).toEqual([name, tokens.get(name)]);
  });
});

describe("html", () => {
  it("escapes every value but HTML made by itself", () => {
    const inner = html`<b>${"\"<&>'"}</b>`;
    expect(html`<p>${inner}${[inner]}${1}</p>`.text).toBe(
      "<p><b>&#34;&#60;&#38;&#62;&#39;</b><b>&#34;&#60;&#38;&#62;&#39;</b>1</p>",
    );
  });
});
