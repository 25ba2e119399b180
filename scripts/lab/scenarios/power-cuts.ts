/**
 * Cuts the power of the whole machine while people vote: every vote that was thanked for must be on the disk when it starts
 * again. The same cuts with a journal that does not wait for the disk must lose some, or the cuts prove nothing.
 */
import { copyFileSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "#schemas/seeded.fixture.ts";
import type { VoteUntilCutJob } from "../guest/vote-until-cut.ts";
import { boot, type Report } from "../machine.ts";
import type { LabTicket, LabTotem } from "../totem-folder.ts";

/** A firmware that has not thanked anybody by then will not. */
const FIRST_THANKS_MS = 180_000;
/** After the first thanks the power stays for up to this long: some thirty votes. */
const CUT_WITHIN_MS = 3_000;
/** A crowd between two cuts cannot be larger: each takes longer than the lock-out of its key. */
const TICKETS_PER_CUT = 30;

export type CutsResult = {
  readonly cuts: number;
  readonly thanked: number;
  /** Marks thanked for of which the disk knows nothing, or which it holds with another face. */
  readonly lost: readonly string[];
  /** Votes on the disk whose ticket is not spent, or the other way round. */
  readonly torn: readonly string[];
};

export type CutsOptions = {
  readonly kernel: string;
  readonly deviceTree: string;
  readonly totem: LabTotem;
  /** An image with the totem's folder; it is copied, not changed. */
  readonly disk: string;
  readonly dir: string;
  readonly cuts: number;
  readonly random: Random;
  /** Programs of the guest's loaded into the firmware first: a fault planted on purpose. */
  readonly preload?: readonly string[];
  readonly onCut?: () => void;
};

type Held = { readonly spent: readonly string[]; readonly votes: Readonly<Record<string, string>> };

/** Boots, votes and cuts, again and again on one disk, and looks at it once more at the end. */
export async function cutPower(options: CutsOptions): Promise<CutsResult> {
  const dir = mkdtempSync(join(options.dir, "cuts-"));
  const disk = join(dir, "disk.ext4");
  copyFileSync(options.disk, disk);
  const thanked = new Map<string, string>();
  const lost = new Set<string>();
  const torn = new Set<string>();
  for (let cut = 0; cut <= options.cuts; cut++) {
    const isLast = cut === options.cuts;
    const tickets = isLast ? [] : ticketsOf(options.totem, cut);
    const before = new Map(thanked);
    const held = await oneBoot({
      ...options,
      disk,
      tickets,
      isLast,
      onThanked: (mark, face) => thanked.set(mark, face),
    });
    for (const mark of lostOf(before, held)) lost.add(mark);
    for (const mark of tornOf(held)) torn.add(mark);
    if (!isLast) options.onCut?.();
  }
  return { cuts: options.cuts, thanked: thanked.size, lost: [...lost], torn: [...torn] };
}

/** One machine's life from its start to its power cut; returns what its disk held at the start. */
async function oneBoot(
  options: CutsOptions & {
    readonly tickets: readonly LabTicket[];
    readonly isLast: boolean;
    readonly onThanked: (mark: string, face: string) => void;
  },
): Promise<Held> {
  const job: VoteUntilCutJob = {
    env: options.totem.env,
    tickets: options.tickets,
    onlyLook: options.isLast,
  };
  const seen: { held: Held | null } = { held: null };
  const first = Promise.withResolvers<void>();
  const machine = boot({
    ...options,
    program: "firmware/main.ts",
    preload: [...(options.preload ?? []), "vote-until-cut.ts"],
    job,
    limitMs: FIRST_THANKS_MS,
    onReport: (report: Report) => {
      if ("held" in report) seen.held = report["held"] as Held;
      if ("thanked" in report) {
        options.onThanked(String(report["thanked"]), String(report["face"]));
        first.resolve();
      }
    },
  });
  await Promise.race([first.promise, machine.ended]);
  if (!options.isLast) {
    await pause(options.random.below(CUT_WITHIN_MS));
    await machine.cutPower();
  }
  const { status } = await machine.ended;
  const failed = options.isLast ? status !== 0 : status !== null;
  if (seen.held === null || failed) throw new Error(`the machine ended by itself:\n${machine.lastWords()}`);
  return seen.held;
}

function ticketsOf({ tickets }: LabTotem, cut: number): readonly LabTicket[] {
  return tickets.slice(cut * TICKETS_PER_CUT, (cut + 1) * TICKETS_PER_CUT);
}

/** How many tickets so many cuts use up. */
export function ticketsFor(cuts: number): number {
  return cuts * TICKETS_PER_CUT;
}

/** Thanked for, and not there as thanked for. Pure. */
export function lostOf(thanked: ReadonlyMap<string, string>, held: Held): readonly string[] {
  return [...thanked].flatMap(([mark, face]) => (held.votes[mark] === face ? [] : [mark]));
}

/** A vote and its spent ticket come and go together. Pure. */
export function tornOf(held: Held): readonly string[] {
  const spent = new Set(held.spent);
  return [
    ...Object.keys(held.votes).filter((mark) => !spent.has(mark)),
    ...held.spent.filter((mark) => held.votes[mark] === undefined),
  ];
}
