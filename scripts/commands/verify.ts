/**
 * `faccine verify`: checks a public proof from its files alone, trusting nobody who published them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { verifyFiles } from "#gateway/web/verify-files.ts";
import { keyChangesIn } from "../verify/check-log.ts";
import { servicesNotShown } from "../verify/check-month.ts";
import { checkProof } from "../verify/check-proof.ts";
import { filesOfAddress, filesOfFolder, readProof } from "../verify/read-proof.ts";
import { type Command, readArgs } from "./command.ts";

/** Findings printed: the first ones tell what is wrong. */
const FINDINGS_SHOWN = 50;

export const VERIFY: Command = {
  name: "verify",
  summary: "check published figures against the totems' own signatures",
  help: `
faccine verify FOLDER|URL|--demo [--key KEY]
faccine verify --page FOLDER

Checks a public proof: the chain of its log, the gateway's and every totem's signature, that no totem's day is missing unsaid, and that
every published figure is what the totems' commitments open to. What cannot be checked, and on whose honesty it rests, is in
schemas/PROOF.md. Exit code 1 when something is wrong.

  --demo       the proof of a demo in this folder
  --page       writes the page that does the same in a browser into FOLDER: put it on any web site, beside a folder \`proof\` or not
  --key KEY    the gateway's public key as you know it, 64 hex digits: without it, the one that is published beside the proof`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      ...{ demo: { type: "boolean" }, page: { type: "string" } },
      key: { type: "string" },
    });
    if (values.page !== undefined) return writePage(values.page);
    const [place, ...rest] = positionals;
    if (rest.length > 0 || (place === undefined) === (values.demo !== true))
      throw new Error("name the folder or the address of a proof, or say --demo");
    const where = place ?? join(process.env["FACCINE_DATA_DIR"] || ".data", "gateway", "public", "proof");
    return verify(where, values.key);
  },
};

function writePage(folder: string): number {
  const files = verifyFiles();
  for (const [name, { text }] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  say(`${files.size} files are in ${folder}; open index.html of it on a web server`);
  return 0;
}

async function verify(where: string, expectedKey: string | undefined): Promise<number> {
  const startMs = performance.now();
  const proof = await readProof(/^https?:/.test(where) ? filesOfAddress(where) : filesOfFolder(where));
  const { log, months, late } = proof;
  if (expectedKey !== undefined && expectedKey !== log.gatewayKey)
    throw new Error(`the proof is of another gateway: its key is ${log.gatewayKey}`);
  const { findings, missing, ofMonths } = checkProof(proof);
  const count = (kind: string) => log.lines.filter(({ entry }) => entry.kind === kind).length;
  say(
    `log: ${log.lines.length} lines, ${count("totem")} totem keys, ${count("statement")} signed totem-days, ${count("correction")} corrections`,
  );
  for (const [at, month] of months.entries()) {
    const hidden = servicesNotShown(month, log);
    if (hidden.length > 0) say(`note: of ${month.month} no figure is shown of ${hidden.join(", ")}`);
    const corrections = month.corrections.map(({ cause, votes }) => `${cause} ${votes}`).join(", ");
    say(
      `${month.month}: ${month.sums.length} figures ${ofMonths[at]?.length === 0 ? "proved" : "NOT ALL PROVED"}; taken away: ${corrections}; ${month.missing.length} totem-days missing`,
    );
  }
  for (const { month, votes } of late)
    say(`note: ${votes} votes of ${month} came after it was published and are in none of its figures`);
  for (const { totemId, fromDay } of keyChangesIn(log))
    say(`note: ${totemId} signs with another key from ${fromDay} on`);
  for (const { totemId, day } of missing.slice(0, FINDINGS_SHOWN))
    say(`missing: ${totemId} stated nothing on ${day}`);
  for (const finding of findings.slice(0, FINDINGS_SHOWN)) say(`WRONG: ${finding.where}: ${finding.what}`);
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  say(
    findings.length === 0
      ? `Everything that can be checked holds (${seconds} s).`
      : `${findings.length} findings (${seconds} s).`,
  );
  return findings.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
