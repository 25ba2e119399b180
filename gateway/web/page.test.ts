import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SUM_COLUMNS, type Sums } from "#schemas/sums.ts";
import { statusOf } from "../api/status.ts";
import { type FilesContent, renderFiles } from "./files-page.ts";
import { html } from "./html.ts";
import { MENU, menuFor } from "./navigation.ts";
import { type PageContent, renderPage } from "./page.ts";
import { PAGE_WORDS } from "./page-words.ts";
import { renderNotAllowed, renderStranger } from "./stranger-page.ts";

const sums = {
  ...(Object.fromEntries(SUM_COLUMNS.map((c) => [c, 0])) as Sums),
  received: 12,
  accepted: 12,
  green: 12,
};

const VISIT = { administration: "Comune di Vallechiara", scopes: ["reports", "fleet"], path: "/" };

function files(over: Partial<FilesContent> = {}): FilesContent {
  return {
    sample: true,
    visit: { ...VISIT, path: "/files" },
    months: ["2026-11", "2026-10"],
    exact: true,
    ...over,
  };
}

function content(over: Partial<PageContent> = {}): PageContent {
  const totem = {
    totemId: "totem-1",
    siteId: "municipio",
    online: true,
    startCount: 1,
    seenMs: Date.UTC(2026, 10, 24, 9),
    health: null,
    healthMs: null,
    captured: 13,
    sums,
  };
  return {
    sample: true,
    visit: VISIT,
    status: statusOf([totem], [], 1),
    recount: { atMs: Date.UTC(2026, 10, 24, 1, 30), days: 3, mismatches: [] },
    nowMs: Date.UTC(2026, 10, 24, 10),
    zone: "Europe/Rome",
    ...over,
  };
}

describe("the gateway's page", () => {
  it("shows each totem's sums and that everything adds up", () => {
    const page = renderPage(content(), "en");
    expect(page).toContain("Everything adds up.");
    expect(page).toContain('<th scope="row">totem-1</th>');
  });

  it("says in words what does not add up", () => {
    const broken = statusOf(
      [
        {
          ...{
            totemId: "totem-9",
            siteId: "m",
            online: false,
            startCount: 1,
            seenMs: null,
            health: null,
            healthMs: null,
            captured: 0,
          },
          sums: { ...sums, green: 3 },
        },
      ],
      [],
      1,
    );
    const page = renderPage(content({ status: broken }), "it");
    expect(page).toContain("I conti non tornano");
    expect(page).toContain("totem-9");
  });

  it("marks sample data in both languages and says nothing of it otherwise", () => {
    for (const language of ["it", "en"] as const) {
      expect(renderPage(content(), language)).toContain("Dati di esempio");
      expect(renderStranger({ sample: true, why: "none" }, language)).toContain("Dati di esempio");
      expect(renderPage(content({ sample: false }), language)).not.toContain("Dati di esempio");
    }
  });

  it("writes a hostile name as text", () => {
    const page = renderPage(
      content({ visit: { ...VISIT, administration: `<script>alert("x")</script>` } }),
      "it",
    );
    expect(page).not.toContain("<script>");
    expect(page).toContain("&#60;script&#62;");
  });

  it("tells a stranger how to get a link", () => {
    expect(renderStranger({ sample: false, why: "used" }, "it")).toContain(PAGE_WORDS.it.linkUsed);
    expect(renderStranger({ sample: false, why: "none" }, "en")).toContain("faccine link");
  });

  it("shows times in the site's zone", () => {
    expect(renderPage(content(), "en")).toContain("<td>10:00</td>");
    const nextDay = content({ nowMs: Date.UTC(2026, 10, 24, 23) });
    expect(renderPage(nextDay, "en")).toContain("<td>24/11/2026, 10:00</td>");
  });

  it("says what was recounted, or that there was nothing yet", () => {
    expect(renderPage(content(), "it")).toContain("3 giorni di voti");
    const none = content({ recount: { atMs: 0, days: 0, mismatches: [] } });
    expect(renderPage(none, "it")).toContain("nessun voto");
    expect(renderPage(content({ recount: null }), "en")).toContain("not been recounted");
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

  it("is not shown to strangers; who lacks a permission is led to what is open", () => {
    expect(renderStranger({ sample: false, why: "none" }, "it")).not.toContain('href="/files');
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
