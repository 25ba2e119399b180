/**
 * Compares what a totem says it holds with what the gateway holds of it: what to ask for again,
 * and which contradictions are a storage alarm. Pure. The gateway keeps its own rows, whatever a totem says.
 */
import { HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import type { Hello } from "#schemas/messages.ts";
import type { AlarmCode, KnownEpoch } from "../store/store.ts";

/** Entries of an epoch to be sent again, from one on. */
export type Resend = { readonly epoch: string; readonly from: number };

type StorageAlarm = { readonly code: AlarmCode; readonly detail: string };

export type StorageCheck = { readonly resends: readonly Resend[]; readonly alarms: readonly StorageAlarm[] };

/** The storage alarms this check can raise; those it does not raise are over. */
export const STORAGE_ALARMS: readonly AlarmCode[] = [
  "rolled-back",
  "epoch-missing",
  "ordinal-skipped",
  "forked",
];

/** What is held, by the epoch's id. */
type Known = ReadonlyMap<string, KnownEpoch>;

/** Judges a hello against what is known of the totem. */
export function checkHello(hello: Hello, known: readonly KnownEpoch[]): StorageCheck {
  const held: Known = new Map(known.map((epoch) => [epoch.epoch, epoch]));
  const told = toldEpochs(hello);
  const open = new Set(told.map((epoch) => epoch.epoch));
  const behind = told.flatMap(({ epoch, oldestUnreceipted }) => {
    const upTo = held.get(epoch)?.upTo ?? 0;
    return upTo + 1 < oldestUnreceipted ? [{ epoch, from: upTo + 1 }] : [];
  });
  const resends = [...behind, ...missingPredecessors(known, open)];
  const rolledBack = told.flatMap(({ epoch, last }) => {
    const highest = highestOf(held.get(epoch));
    return highest > last
      ? [alarm("rolled-back", `epoch ${epoch}: ${highest} held, the totem says ${last}`)]
      : [];
  });
  return {
    resends,
    // While something is asked for again, a successor may be among it.
    alarms: [
      ...rolledBack,
      ...(resends.length === 0 ? missingEpochs(hello, known, open) : []),
      ...lineageAlarms(known, held, open),
    ],
  };
}

/** The epochs a hello names, each once: the current one is most often among the open ones. */
function toldEpochs(hello: Hello): Hello["open"] {
  const { current, open } = hello;
  return current === null || open.some((epoch) => epoch.epoch === current.epoch) ? open : [...open, current];
}

/**
 * Predecessors that `opened` entries name and that are not whole here, though the totem thinks they were receipted:
 * what a gateway restored from a backup has lost.
 * @param open epochs the totem will send by itself.
 */
export function missingPredecessors(
  known: readonly KnownEpoch[],
  open: ReadonlySet<string>,
): readonly Resend[] {
  const upTo = new Map(known.map((epoch) => [epoch.epoch, epoch.upTo]));
  const missing = new Map<string, Resend>();
  for (const { previousEpoch, previousLast } of known) {
    if (previousEpoch === null || open.has(previousEpoch)) continue;
    const heldUpTo = upTo.get(previousEpoch) ?? 0;
    if (heldUpTo < previousLast) missing.set(previousEpoch, { epoch: previousEpoch, from: heldUpTo + 1 });
  }
  return [...missing.values()];
}

/** Below the cap a hello names every open epoch, so one that is not named and has no successor is gone. */
function missingEpochs(
  hello: Hello,
  known: readonly KnownEpoch[],
  open: ReadonlySet<string>,
): readonly StorageAlarm[] {
  const isComplete = hello.openEpochs <= hello.open.length && hello.open.length < HELLO_EPOCHS_MAX;
  if (!isComplete) return [];
  const gone = known.filter(({ epoch, succeeded }) => !succeeded && !open.has(epoch));
  const followed = followedUnsaid(known, gone);
  return gone
    .filter(({ epoch }) => !followed.has(epoch))
    .map(({ epoch }) => alarm("epoch-missing", `epoch ${epoch}: open here, unknown to the totem`));
}

/** An epoch whose start was declared lost cannot say which one it follows: the last one that came here before it. */
function followedUnsaid(known: readonly KnownEpoch[], gone: readonly KnownEpoch[]): ReadonlySet<string> {
  const followed = new Set<string>();
  for (const [index, { ordinal, upTo }] of known.entries()) {
    if (ordinal !== null || upTo === 0) continue;
    const before = known
      .slice(0, index)
      .findLast((epoch) => gone.includes(epoch) && !followed.has(epoch.epoch));
    if (before !== undefined) followed.add(before.epoch);
  }
  return followed;
}

/** Two successors of one epoch, one that names another head than is held, or an ordinal that skips. */
function lineageAlarms(
  known: readonly KnownEpoch[],
  held: Known,
  open: ReadonlySet<string>,
): readonly StorageAlarm[] {
  const begun = known.filter((epoch) => epoch.ordinal !== null);
  const forks = [...Map.groupBy(begun, (epoch) => epoch.previousEpoch)]
    .filter(([, successors]) => successors.length > 1)
    .map(([before, successors]) =>
      alarm(
        "forked",
        `${namesOf(successors)} ${before === null ? "each begin a chain" : `follow ${before}`}`,
      ),
    );
  return [...forks, ...begun.flatMap((epoch) => successionAlarms(epoch, held, open))];
}

function successionAlarms(
  epoch: KnownEpoch,
  held: Known,
  open: ReadonlySet<string>,
): readonly StorageAlarm[] {
  const { previousEpoch, previousLast, previousHead, ordinal } = epoch;
  if (previousEpoch === null || ordinal === null) return [];
  const before = held.get(previousEpoch);
  const highest = highestOf(before);
  if (highest > previousLast) {
    const detail = `epoch ${previousEpoch}: ${highest} held, its successor says ${previousLast}`;
    return [alarm("rolled-back", detail)];
  }
  if (before !== undefined && before.upTo === previousLast && differ(before.head, previousHead)) {
    return [alarm("forked", `epoch ${epoch.epoch} follows another ${previousEpoch} than the one held`)];
  }
  // The totem sends its open epochs by itself: until then nothing is missing.
  if (open.has(previousEpoch)) return [];
  if (before === undefined) {
    return [alarm("ordinal-skipped", `epoch ${epoch.epoch}: its predecessor is not held`)];
  }
  // The start of an epoch that was declared lost told its ordinal; the loss is counted elsewhere.
  if (before.ordinal === null || before.ordinal + 1 === ordinal) return [];
  return [alarm("ordinal-skipped", `epoch ${epoch.epoch}: ordinal ${ordinal} follows ${before.ordinal}`)];
}

function differ(held: string | null, named: string | null): boolean {
  return held !== null && named !== null && held !== named;
}

function highestOf(epoch: KnownEpoch | undefined): number {
  return epoch === undefined ? 0 : Math.max(epoch.upTo, epoch.ranges.at(-1)?.last ?? 0);
}

/** Epochs named in one alarm: the first ones tell where to look. */
const NAMED_MAX = 4;

function namesOf(epochs: readonly KnownEpoch[]): string {
  const names = epochs.slice(0, NAMED_MAX).map((epoch) => epoch.epoch);
  return `epochs ${names.join(", ")}${epochs.length > NAMED_MAX ? ` and ${epochs.length - NAMED_MAX} more` : ""}`;
}

function alarm(code: AlarmCode, detail: string): StorageAlarm {
  return { code, detail };
}
