/**
 * Writes the public proof as a folder of files that anybody may copy, serve and check: the gateway's key, the log with its checkpoints, and
 * the proof of each closed month. Holds nothing that is hidden. The same data make the same bytes.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addDays, monthSpan, monthsOf } from "#schemas/local-day.ts";
import type { LateVotes, MonthProof } from "#schemas/public-log.ts";
import { type SigningKey, signMessage } from "#schemas/signature.ts";
import type { Directory } from "../directory.ts";
import { linesOf, placeKeyOf, shownMonth } from "../reports/lines.ts";
import { publicPlaces } from "../reports/places.ts";
import type { Store } from "../store/store.ts";
import { monthProof, votesIn } from "./month-proof.ts";
import { revised } from "./revision.ts";

/** Lines read at once: about a megabyte. */
const LINES_AT_ONCE = 1_000;

export type ProofParts = {
  readonly store: Store;
  readonly directory: Directory;
  readonly key: SigningKey;
};

/** Where a gateway keeps its proof, and serves it from. */
export function proofFolder(dataDir: string): string {
  return join(dataDir, "public", "proof");
}

/** What was written. */
export type WrittenProof = {
  readonly lines: number;
  readonly months: readonly string[];
  /** Figures that the commitments do not add up to, in words: such a month is not written. */
  readonly problems: readonly string[];
};

export async function writeProof(parts: ProofParts, folder: string): Promise<WrittenProof> {
  const { store, key } = parts;
  mkdirSync(join(folder, "months"), { recursive: true });
  put(folder, "gateway.json", `${JSON.stringify({ publicKey: key.publicKeyHex }, null, 2)}\n`);
  put(folder, "checkpoints.ndjson", linesOfText(await store.logCheckpoints()));
  const log: string[] = [];
  for (let no = 1; ; ) {
    const lines = await store.logLines(no, LINES_AT_ONCE);
    log.push(...lines.map((line) => JSON.stringify(line)));
    const last = lines.at(-1);
    if (last === undefined) break;
    no = last.no + 1;
  }
  put(folder, "log.ndjson", linesOfText(log));
  const problems: string[] = [];
  const months: string[] = [];
  const late: LateVotes["late"] = [];
  for (const month of await closedMonths(store)) {
    const made = await proofOfMonth(parts, month);
    problems.push(...made.problems.map((problem) => `${month} ${problem}`));
    const text = await publishedMonth(parts, month, made.problems.length === 0 ? made.proof : null);
    if (text === null) continue;
    put(folder, join("months", `${month}.json`), `${text}\n`);
    months.push(month);
    late.push(...(await lateVotes(store, JSON.parse(text) as MonthProof)));
  }
  put(folder, "late.json", `${JSON.stringify({ late }, null, 2)}\n`);
  // Last: whoever follows it finds everything it names.
  put(folder, "index.json", `${JSON.stringify({ months }, null, 2)}\n`);
  return { lines: log.length, months, problems };
}

/** What the log says of a month beyond its published proof; nothing when it says no more. */
async function lateVotes(store: Store, { month, log }: MonthProof): Promise<LateVotes["late"]> {
  const { from, to } = monthSpan(month);
  const opened = await store.openedLines({ fromDay: from, toDay: to });
  const beyond = opened.filter(({ no }) => no > log.size);
  if (beyond.length === 0) return [];
  const { size } = await store.logState();
  return [{ month, fromSize: log.size, toSize: size, ...votesIn(beyond) }];
}

/** What is published of a month: what was before, unless there is something new to say. @param fresh null when it does not hold. */
async function publishedMonth(
  { store, key }: ProofParts,
  month: string,
  fresh: Omit<MonthProof, "signature"> | null,
): Promise<string | null> {
  const before = await store.monthProof(month);
  const known = before === null ? null : (JSON.parse(before) as MonthProof);
  const next = fresh === null ? null : revised(known, fresh);
  if (next === null) return before;
  const text = JSON.stringify(signMessage("month", next as never, key));
  await store.putMonthProof(month, next.revision, text);
  return text;
}

/** The proof of one closed month. */
export async function proofOfMonth({ store, directory }: ProofParts, month: string) {
  const { from, to } = monthSpan(month);
  const places = publicPlaces(directory.sites);
  const rows = await store.countSpans([{ fromDay: from, toDay: to }]);
  const uoCodes = new Map(
    directory.sites.flatMap(({ offices }) =>
      offices.map(({ officeId, uoCode }) => [officeId, uoCode] as const),
    ),
  );
  const totems = new Map<string, string>();
  for (let no = 1; ; ) {
    const lines = await store.logLines(no, LINES_AT_ONCE);
    for (const { entry } of lines) {
      if (entry.kind === "totem" && !totems.has(entry.totemId)) totems.set(entry.totemId, entry.fromDay);
    }
    const last = lines.at(-1);
    if (last === undefined) break;
    no = last.no + 1;
  }
  return monthProof({
    month,
    opened: await store.openedLines({ fromDay: from, toDay: to }),
    lines: shownMonth(linesOf(rows, places)),
    lineKeyOf: ({ service, wording }) => {
      const found = directory.service(service);
      const officeId =
        found?.office.officeId ?? rows.find(({ serviceId }) => serviceId === service)?.officeId ?? "";
      const siteId = found?.site.siteId ?? rows.find(({ serviceId }) => serviceId === service)?.siteId ?? "";
      const { place } = places({ siteId, officeId, serviceId: service });
      return `${placeKeyOf(place)} ${String(wording).padStart(4, "0")}`;
    },
    uoOf: ({ place }) => uoCodes.get(place.officeId) || place.officeId || place.siteId,
    totems: [...totems].map(([totemId, fromDay]) => ({ totemId, fromDay })),
    log: await store.logState(),
  });
}

/** The months with a counted day that are closed to their last one. */
async function closedMonths(store: Store): Promise<readonly string[]> {
  const [voted, closedThrough] = [await store.votedDays(), await store.closedThrough()];
  if (voted === null || closedThrough === null) return [];
  const months = monthsOf({ from: voted.first.slice(0, 7), to: closedThrough.slice(0, 7) });
  return months.filter((month) => addDays(monthSpan(month).to, -1) <= closedThrough);
}

function linesOfText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** Whole or not at all: who copies the folder meanwhile never has half a file. */
function put(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
