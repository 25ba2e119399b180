/** The report to the ministry, its files read by others' readers and compared. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { xlsxFile } from "#gateway/api/xlsx-file.ts";
import { reportFiles, zipOf } from "#gateway/ministry/report-package.ts";
import { proofFolder, writeProof } from "#gateway/proof/write-proof.ts";
import { monthFiles } from "#gateway/publication/month-files.ts";
import { publicFolder, publishMonths } from "#gateway/publication/write-publication.ts";
import { dayStartMs } from "#schemas/local-day.ts";
import { MINISTRY_REPORT, type MinistryReport, type ReportManifest } from "#schemas/ministry-report.ts";
import type { Publication } from "#schemas/publication.ts";
import { isMessageGood, publicKeyFromHex } from "#schemas/signature.ts";
import { fullTownSettings, ZONE } from "../bench/town.ts";
import { describeWithTool } from "../outside-tools.ts";
import { liveThroughMonth, MONTH, type Town } from "../verify/town.fixture.ts";

let town: Town;
let dataDir: string;
let files: ReadonlyMap<string, Buffer>;
const parts = () => ({
  ...{ store: town.store, dataDir, key: town.key },
  workbook: xlsxFile as Parameters<typeof reportFiles>[0]["workbook"],
});
beforeAll(async () => {
  town = await liveThroughMonth();
  dataDir = mkdtempSync(join(tmpdir(), "faccine-ministry-"));
  await writeProof(town, proofFolder(dataDir));
  const settings = { ...fullTownSettings(), dataDir };
  const published = { store: town.store, directory: town.directory, settings };
  await publishMonths({
    ...published,
    nowMs: () => dayStartMs("2026-11-05", ZONE),
    files: monthFiles(published),
  });
  const made = await reportFiles(parts(), { from: "2026-09", to: MONTH });
  if (!made.ok) throw new Error(made.problem);
  files = made.value;
}, 120_000);
afterAll(async () => {
  await town.store.close();
  for (const one of [dataDir, town.folder]) rmSync(one, { recursive: true });
});

const bytes = (name: string) => files.get(name) as Buffer;
const report = () => JSON.parse(bytes("report.json").toString()) as MinistryReport;
const published = () =>
  JSON.parse(readFileSync(join(publicFolder(dataDir), MONTH, "publication.json"), "utf8")) as Publication;

describe("the report to the ministry", () => {
  it("is what was published, no more and no less, and names the months that were not", () => {
    const { months, missing, services } = report();
    expect(MINISTRY_REPORT.parse(report()).ok).toBe(true);
    expect(missing).toEqual(["2026-09"]);
    const shown = published().rows.filter(
      (row) => ![row.valid, row.green, row.yellow, row.red].includes(null),
    );
    // A service of which one face is hidden is in no sum.
    expect(shown.length).toBeLessThan(published().rows.length);
    expect(services.reduce((sum, { valid }) => sum + valid, 0)).toBe(
      shown.reduce((sum, { valid }) => sum + (valid ?? 0), 0),
    );
    expect(
      months.map(({ month, shown: count, conflict, missingDays }) => [month, count, conflict, missingDays]),
    ).toEqual([[MONTH, shown.length, 1, 1]]);
    // Two totems, ten hours a stated day.
    expect(months[0]?.upHours).toBeGreaterThan(500);
  });

  it("says the same in JSON, CSV and Excel", async () => {
    const [header = [], ...rows] = await readSheet(bytes("report.xlsx"), 1);
    const sheet = rows.map((row) => Object.fromEntries(row.map((cell, at) => [String(header[at]), cell])));
    expect(
      sheet.map((row) => [
        ...[row["service_id"], row["votes_valid"], row["green"], row["months_hidden"]],
        ...[row["reason_wait"], row["reason_none"], row["reason_hidden"]],
      ]),
    ).toEqual(
      report().services.map(({ serviceId, valid, green, monthsHidden, reasons: { wait, none, hidden } }) => [
        ...[serviceId === "" ? null : serviceId, valid, green, monthsHidden, wait, none, hidden],
      ]),
    );
    for (const { red, reasons } of report().services)
      expect(Object.values(reasons).reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(red);
    const csv: Record<string, string>[] = parse(bytes("monthly.csv"), { columns: true });
    for (const { uo, serviceId, valid, monthsHidden } of report().services.filter(
      (one) => one.monthsHidden === 0,
    )) {
      const row = csv.find((one) => one["uo_code"] === uo && one["service_id"] === serviceId);
      expect([row?.["votes_valid"], monthsHidden]).toEqual([String(valid), 0]);
    }
  });

  it("is signed, file by file", () => {
    const manifest = JSON.parse(bytes("manifest.json").toString()) as ReportManifest;
    expect(isMessageGood("report", manifest, publicKeyFromHex(manifest.publicKey))).toBe(true);
    expect(manifest.publicKey).toBe(town.key.publicKeyHex);
    for (const { name, bytes: size, sha256 } of manifest.files) {
      expect([name, bytes(name).length]).toEqual([name, size]);
      expect(createHash("sha256").update(bytes(name)).digest("hex")).toBe(sha256);
    }
    expect(manifest.files.map(({ name }) => name)).toEqual(
      [...files.keys()].filter((name) => name !== "manifest.json"),
    );
  });

  it("is the same bytes when it is made again, as an archive too", async () => {
    const again = await reportFiles(parts(), { from: "2026-09", to: MONTH });
    if (!again.ok) throw new Error(again.problem);
    for (const [name, one] of files) expect(again.value.get(name)?.equals(one), name).toBe(true);
    const archive = async (of: ReadonlyMap<string, Buffer>) => {
      const chunks: Buffer[] = [];
      for await (const chunk of zipOf(of)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    };
    expect((await archive(files)).equals(await archive(again.value))).toBe(true);
  });

  it.each([
    ["of months that are not published", { from: "2026-01", to: "2026-02" }, "is published"],
    ["that ends before it begins", { from: "2026-10", to: "2026-09" }, "must be a month from"],
    ["of more than ten years", { from: "2000-01", to: "2026-10" }, "at most 120"],
  ])("%s is refused", async (_, span, problem) => {
    const made = await reportFiles(parts(), span);
    expect(made.ok ? "made" : made.problem).toContain(problem);
  });

  it("that does not add up is not written", async () => {
    const file = join(publicFolder(dataDir), MONTH, "publication.json");
    const before = readFileSync(file, "utf8");
    const data = JSON.parse(before) as Publication;
    const wrong = data.rows.map((row, at) =>
      at === 0 && row.green !== null ? { ...row, green: row.green + 1 } : row,
    );
    writeFileSync(file, JSON.stringify({ ...data, rows: wrong }));
    const made = await reportFiles(parts(), { from: MONTH, to: MONTH });
    writeFileSync(file, before);
    expect(made.ok ? "made" : made.problem).toContain("do not add up");
  });
});

describeWithTool("pdftotext", "the report's PDF", (pdftotext) => {
  it("has every figure of its data, is tagged, and embeds its letters", () => {
    const file = join(dataDir, "report.pdf");
    writeFileSync(file, bytes("report.pdf"));
    const text = spawnSync(pdftotext, ["-layout", file, "-"], { encoding: "utf8" }).stdout;
    const number = (count: number) => new Intl.NumberFormat("it").format(count);
    for (const { serviceName, valid, yellow, red } of report().services) {
      const line = text.split("\n").find((one) => one.includes(serviceName ?? "altri servizi"));
      expect(text).toContain(number(valid));
      expect(
        line === undefined ? null : [yellow, red].every((count) => text.includes(number(count))),
      ).not.toBe(false);
    }
    for (const part of [
      "1. I mesi",
      "2. I servizi",
      "3. I motivi",
      "4. Copertura",
      "5. Metodo",
      "Pagina 1 di",
    ])
      expect(text).toContain(part);
    const raw = bytes("report.pdf").toString("latin1");
    for (const mark of ["/MarkInfo", "/StructTreeRoot", "/Lang (it-IT)"]) expect(raw).toContain(mark);
    expect(existsSync(file)).toBe(true);
  });
});
