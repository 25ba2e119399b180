import { describe, expect, it } from "vitest";
import { SUM_COLUMNS, type Sums } from "#schemas/sums.ts";
import { statusOf } from "../api/status.ts";
import { html } from "./html.ts";
import { type PageContent, renderPage, renderStranger } from "./page.ts";
import { PAGE_WORDS } from "./page-words.ts";

const sums = {
  ...(Object.fromEntries(SUM_COLUMNS.map((c) => [c, 0])) as Sums),
  received: 12,
  accepted: 12,
  green: 12,
};

function content(over: Partial<PageContent> = {}): PageContent {
  const totem = {
    totemId: "totem-1",
    siteId: "municipio",
    online: true,
    startCount: 1,
    seenMs: Date.UTC(2026, 10, 24, 9),
    health: null,
    captured: 13,
    sums,
  };
  return {
    administration: "Comune di Vallechiara",
    sample: true,
    status: statusOf([totem], [], 1),
    recount: { atMs: Date.UTC(2026, 10, 24, 1, 30), days: 3, mismatches: [] },
    months: ["2026-11", "2026-10"],
    exact: true,
    nowMs: Date.UTC(2026, 10, 24, 10),
    zone: "Europe/Rome",
    ...over,
  };
}

describe("the gateway's page", () => {
  it("shows each totem's sums, the files of both months and that everything adds up", () => {
    const page = renderPage(content(), "en");
    expect(page).toContain("Everything adds up.");
    expect(page).toContain('<th scope="row">totem-1</th>');
    for (const month of ["2026-11", "2026-10"]) {
      expect(page).toContain(`/api/v1/reports/monthly.csv?month=${month}`);
      expect(page).toContain(`/api/v1/reports/aggregate.csv?month=${month}&#38;by=day&#38;profile=excel-it`);
    }
  });

  it("leads to the published months and to the report of the last one, in its language", () => {
    expect(renderPage(content(), "it")).toContain('href="/public/"');
    const page = renderPage(content(), "en");
    expect(page).toContain('href="/public/en.html"');
    expect(page).toContain('href="/api/v1/reports/ministry.zip?from=2026-10&to=2026-10"');
    expect(page).toContain("Report to the minister, October 2026");
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

  it("offers exact figures only to who may read them", () => {
    expect(renderPage(content(), "it")).toContain("exact=1");
    expect(renderPage(content({ exact: false }), "it")).not.toContain("exact=1");
  });

  it("writes a hostile name as text", () => {
    const page = renderPage(content({ administration: `<script>alert("x")</script>` }), "it");
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

describe("html", () => {
  it("escapes every value but HTML made by itself", () => {
    const inner = html`<b>${"\"<&>'"}</b>`;
    expect(html`<p>${inner}${[inner]}${1}</p>`.text).toBe(
      "<p><b>&#34;&#60;&#38;&#62;&#39;</b><b>&#34;&#60;&#38;&#62;&#39;</b>1</p>",
    );
  });
});
