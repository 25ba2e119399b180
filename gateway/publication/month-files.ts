/**
 * The files of a published month, made by what makes the reports of the API: the same rows, the same bytes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monthSpan } from "#schemas/local-day.ts";
import { columnsOf, labelsOf, type ReportParts, reportFile, reportRows } from "../api/report-files.ts";
import type { ReportQuery } from "../api/report-query.ts";
import { MONTHLY_KEY } from "../reports/columns.ts";
import { csvMetadata } from "../reports/metadata.ts";
import type { ReportRow } from "../reports/rows.ts";
import { verifyFiles } from "../web/verify-files.ts";
import type { MonthFiles } from "./write-publication.ts";

const WEB = join(import.meta.dirname, "../web");

export function monthFiles(parts: ReportParts): MonthFiles {
  return {
    rowsOf: async (month) => {
      const rows: ReportRow[] = [];
      for await (const page of reportRows(parts, queryOf(month))) rows.push(...page);
      return rows;
    },
    csvOf: (month, profile) => reportFile(parts, { ...queryOf(month), profile }),
    metadataOf: (month) => metadata(parts, month),
    labelsOf: (month) => labelsOf(parts, queryOf(month)),
    furniture,
  };
}

function queryOf(month: string): ReportQuery {
  const { from, to } = monthSpan(month);
  return {
    ...{ kind: "monthly", by: "month", span: { fromDay: from, toDay: to } },
    ...{ format: "csv", profile: "open", isExact: false },
  };
}

function metadata({ settings }: ReportParts, month: string): string {
  const about = csvMetadata({
    url: "monthly.csv",
    title: `Mettiamoci la faccia, ${month}${settings.sample ? " (dati di esempio)" : ""}`,
    publisher: settings.administration.name,
    profile: "open",
    columns: columnsOf(queryOf(month)),
    key: MONTHLY_KEY,
    isExact: false,
  });
  return `${JSON.stringify(about, null, 2)}\n`;
}

/** What the pages need beside them, so that the folder works on any web site. */
function furniture(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const name of ["page.css", "public.css"]) files.set(name, readFileSync(join(WEB, name), "utf8"));
  for (const [name, { text }] of verifyFiles()) files.set(`verify/${name}`, text);
  return files;
}
