/**
 * The report to the ministry as a package: PDF, Excel workbook, CSV and JSON of the same figures, and a signed list of their hashes. Made from what
 * was published, month by month; the same months make the same bytes.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { monthSpan, monthsOf } from "#schemas/local-day.ts";
import { type MinistryReport, REPORT_MANIFEST } from "#schemas/ministry-report.ts";
import { PUBLICATION, type Publication } from "#schemas/publication.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { type SigningKey, signMessage } from "#schemas/signature.ts";
import { publicFolder } from "../publication/write-publication.ts";
import type { ColumnOf } from "../reports/csv.ts";
import type { Store } from "../store/store.ts";
import { ZIP_ENTRY } from "../zip-entry.ts";
import { brokenReport, REPORT_VERSION, reportOf } from "./report-data.ts";

/** Ten years: longer than any campaign. */
export const REPORT_MONTHS_MAX = 120;

export type PackageParts = {
  readonly store: Pick<Store, "upMinutes">;
  readonly dataDir: string;
  readonly key: SigningKey;
  /** Makes a workbook of rows. */
  readonly workbook: <Row>(
    pages: AsyncIterable<readonly Row[]>,
    about: { readonly columns: readonly ColumnOf<Row, null>[]; readonly known: null; readonly title: string },
  ) => AsyncIterable<unknown>;
};

/** The files of a package by their names, the manifest last; or why there is none, in words. */
export async function reportFiles(
  parts: PackageParts,
  span: { readonly from: string; readonly to: string },
): Promise<Result<ReadonlyMap<string, Buffer>, string>> {
  const folder = publicFolder(parts.dataDir);
  const wanted = monthsOf(span);
  if (wanted.length === 0 || wanted.length > REPORT_MONTHS_MAX)
    return fail(
      `to = ${span.to}: must be a month from from = ${span.from} on, at most ${REPORT_MONTHS_MAX} of them`,
    );
  const published = wanted.flatMap((month) => publishedMonth(folder, month) ?? []);
  if (published.length === 0) return fail(`no month from ${span.from} to ${span.to} is published`);
  const hours = await upHours(parts.store, span);
  const report = reportOf(span, published, (month) => hours.get(month) ?? 0);
  const broken = brokenReport(report);
  if (broken.length > 0) return fail(`the published months do not add up: ${broken.slice(0, 3).join("; ")}`);
  // Loaded for a report, which is asked for once a month: typesetting takes a tenth of an idle gateway's memory.
  const { reportPdf } = await import("./report-pdf.ts");
  const files = new Map<string, Buffer>([
    ["report.pdf", await reportPdf(report)],
    ["report.xlsx", await bytesOf(workbookOf(parts, report))],
    ["monthly.csv", monthlyCsv(folder, published)],
    ["report.json", Buffer.from(`${JSON.stringify(report, null, 2)}\n`)],
  ]);
  files.set("manifest.json", Buffer.from(manifest(report, files, parts.key)));
  return ok(files);
}

/** The package as one archive, the same bytes for the same files. */
export function zipOf(files: ReadonlyMap<string, Buffer>): Readable {
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, ZIP_ENTRY);
  zip.end();
  return zip.outputStream as Readable;
}

/** The month's files as they were published, one after the other under one header. */
function monthlyCsv(folder: string, published: readonly Publication[]): Buffer {
  const [first = "", ...others] = published.map(({ month }) =>
    readFileSync(join(folder, month, "monthly.csv"), "utf8"),
  );
  const lines = others.map((text) => text.slice(text.indexOf("\r\n") + 2));
  return Buffer.from(first + lines.join(""));
}

function manifest(report: MinistryReport, files: ReadonlyMap<string, Buffer>, key: SigningKey): string {
  const { administration, from, to } = report;
  const signed = signMessage(
    "report",
    {
      ...{ schemaVersion: REPORT_VERSION, administration, from, to, publicKey: key.publicKeyHex },
      files: [...files].map(([name, bytes]) => ({
        ...{ name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") },
      })),
    },
    key,
  );
  const parsed = REPORT_MANIFEST.parse(signed);
  if (!parsed.ok) throw new Error(`the manifest breaks its own shape at ${parsed.problem.where}`);
  return `${JSON.stringify(signed, null, 2)}\n`;
}

type ServiceRow = MinistryReport["services"][number];

function workbookOf({ workbook }: PackageParts, report: MinistryReport): AsyncIterable<unknown> {
  const pages = async function* () {
    yield report.services;
  };
  return workbook<ServiceRow>(pages(), {
    columns: SERVICE_COLUMNS,
    known: null,
    title: `${report.from} - ${report.to}`,
  });
}

const text = (name: string, meaning: string, of: (row: ServiceRow) => string | null) =>
  ({ name, type: "text", meaning, of }) as const;
const figure = (name: string, meaning: string, of: (row: ServiceRow) => number | null) =>
  ({ name, type: "integer", meaning, of }) as const;
const share = (name: string, meaning: string, of: (row: ServiceRow) => number | null) =>
  ({ name, type: "tenths", meaning, of }) as const;

const SERVICE_COLUMNS: readonly ColumnOf<ServiceRow, null>[] = [
  text("uo_code", "the office, as in the monthly file", ({ uo }) => uo),
  text("service_id", "id of the service; empty for services shown together", ({ serviceId }) => serviceId),
  text("office_name", "name of the office", ({ officeName }) => officeName ?? null),
  text("service_name", "name of the service", ({ serviceName }) => serviceName ?? null),
  figure("wording_version", "version of the wording that was answered", ({ wording }) => wording),
  figure("votes_valid", "valid votes of the months in which they are shown", ({ valid }) => valid),
  figure("green", "of these, green", ({ green }) => green),
  figure("yellow", "of these, yellow", ({ yellow }) => yellow),
  figure("red", "of these, red", ({ red }) => red),
  share("green_pct", "green votes per 100 valid votes", ({ score }) => score?.share ?? null),
  share("green_ci_low", "lower end of its 95 % interval (Wilson)", ({ score }) => score?.low ?? null),
  share("green_ci_high", "upper end of its 95 % interval (Wilson)", ({ score }) => score?.high ?? null),
  figure("reason_wait", "red votes for the waiting time, where shown", ({ reasons }) => reasons.wait),
  figure("reason_staff", "red votes for the behaviour of staff, where shown", ({ reasons }) => reasons.staff),
  figure(
    "reason_return",
    "red votes for the need to come back, where shown",
    ({ reasons }) => reasons.return,
  ),
  figure("reason_outcome", "red votes for a negative outcome, where shown", ({ reasons }) => reasons.outcome),
  figure("reason_none", "red votes without a reason, where shown", ({ reasons }) => reasons.none),
  figure("reason_hidden", "red votes of which the months hide the reason", ({ reasons }) => reasons.hidden),
  figure("months_shown", "months of which the votes are shown", ({ monthsShown }) => monthsShown),
  figure("months_hidden", "months of which they are hidden", ({ monthsHidden }) => monthsHidden),
];

/** Whole hours that all totems together stated, by month. */
async function upHours(
  store: Pick<Store, "upMinutes">,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ReadonlyMap<string, number>> {
  const days = await store.upMinutes({ fromDay: monthSpan(from).from, toDay: monthSpan(to).to });
  const minutes = new Map<string, number>();
  for (const { day, minutes: up } of days) {
    const month = day.slice(0, 7);
    minutes.set(month, (minutes.get(month) ?? 0) + up);
  }
  return new Map([...minutes].map(([month, up]) => [month, Math.round(up / 60)]));
}

function publishedMonth(folder: string, month: string): Publication | null {
  const file = join(folder, month, "publication.json");
  if (!existsSync(file)) return null;
  const parsed = PUBLICATION.parse(JSON.parse(readFileSync(file, "utf8")));
  return parsed.ok ? parsed.value : null;
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts);
}
