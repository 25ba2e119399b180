/**
 * `faccine export`: a report as a file, for jobs that run by themselves.
 */
import { createWriteStream, existsSync, renameSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { API_HELP, API_OPTIONS, apiOf, ask, type Command, readArgs } from "./command.ts";
import { writeResumed } from "./resumed-export.ts";

const KINDS = ["aggregate", "monthly", "ministry"] as const;
const FORMATS = ["csv", "json", "ndjson", "xlsx"] as const;

export const EXPORT: Command = {
  name: "export",
  summary: "write a report to a file",
  help: `
faccine export aggregate|monthly [options]
faccine export ministry --from YYYY-MM --to YYYY-MM [--out FILE.zip] [options]

ministry is the report to the ministry over published months, both ends included: PDF, XLSX, CSV, JSON and a signed manifest, in one archive.

  --month YYYY-MM    the month
  --from DAY --to DAY  other days, YYYY-MM-DD, the last one not included (aggregate)
  --by hour|day|week|month   what to divide by (aggregate; day)
  --format csv|json|ndjson|xlsx   the form of the file (csv)
  --profile excel-it semicolons and decimal commas, for Italian Excel (csv)
  --exact            exact figures; the token needs the scope reports:exact, and the reading is logged
  --resume           fetch page by page, and go on where an earlier run was cut off: csv, ndjson, with --out FILE; the same bytes
  --out FILE         where to write; without it, the file's own name; "-" is the terminal
${API_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      ...API_OPTIONS,
      month: { type: "string" },
      from: { type: "string" },
      to: { type: "string" },
      by: { type: "string" },
      format: { type: "string" },
      profile: { type: "string" },
      exact: { type: "boolean" },
      resume: { type: "boolean" },
      out: { type: "string" },
    });
    const kind = KINDS.find((one) => one === positionals[0]);
    if (kind === undefined) throw new Error(`say which report: ${KINDS.join(", ")}`);
    const format = kind === "ministry" ? "zip" : formatOf(values.format ?? "csv");
    const query = new URLSearchParams();
    for (const name of ["month", "from", "to", "by", "profile"] as const) {
      if (values[name] !== undefined) query.set(name, values[name]);
    }
    if (kind === "ministry" && (values.from === undefined || values.to === undefined))
      throw new Error("ministry: say --from YYYY-MM --to YYYY-MM, both included");
    if (kind === "aggregate" && values.by === undefined) query.set("by", "day");
    if (values.exact) query.set("exact", "1");
    const api = apiOf(values, process.env, "reports");
    const path = `/reports/${kind}.${format}?${query}`;
    if (values.resume) {
      if (!["csv", "ndjson"].includes(format)) throw new Error("--resume: only csv and ndjson come in pages");
      if (values.out === undefined || values.out === "-") throw new Error("--resume: say --out FILE");
      await writeResumed(api, path, values.out);
      process.stderr.write(`${values.out}\n`);
      return 0;
    }
    const response = await ask(api, path);
    const out = values.out ?? fileName(response, `${kind}.${format}`);
    await write(response, out);
    if (out !== "-") process.stderr.write(`${out}\n`);
    return 0;
  },
};

function formatOf(asked: string): string {
  const format = FORMATS.find((one) => one === asked);
  if (format === undefined) throw new Error(`--format ${asked}: must be one of ${FORMATS.join(", ")}`);
  return format;
}

function fileName(response: Response, fallback: string): string {
  const match = /filename="([A-Za-z0-9._-]{1,100})"/.exec(response.headers.get("content-disposition") ?? "");
  return match?.[1] ?? fallback;
}

/** Whole or not at all: a job that reads the file never sees half of it. */
async function write(response: Response, out: string): Promise<void> {
  if (response.body === null) throw new Error("the gateway sent no file");
  const body = Readable.fromWeb(response.body as never);
  if (out === "-") return pipeline(body, process.stdout, { end: false });
  const fresh = `${out}.part`;
  if (existsSync(fresh))
    throw new Error(`${fresh} is there already: another export is writing, or was cut off; delete it`);
  await pipeline(body, createWriteStream(fresh, { flags: "wx" }));
  renameSync(fresh, out);
}
