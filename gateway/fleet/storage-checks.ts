/**
 * Compares what a totem says it holds with what the gateway holds of it (CONTRACT section 3): what to ask for again,
 * and which contradictions are a storage alarm. Pure. The gateway keeps its own rows, whatever a totem says.
 */
import { HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import type { Hello } from "#schemas/messages.ts";
import type { AlarmCode, KnownEpoch } from "../store/store.ts";

/** Entries of an epoch to be sent again, from one on. */
export type Resend = { readonly epoch: string; readonly from: number };

export type StorageCheck = {
  readonly resends: readonly Resend[];
  readonly alarms: readonly { readonly code: AlarmCode; readonly detail: string }[];
};

/** The storage alarms this check can raise; those it does not raise are over. */
export const STORAGE_ALARMS: readonly AlarmCode[] = [
  "rolled-back",
  "epoch-missing",
  "ordinal-skipped",
  "forked",
];

/** Judges a hello against what is known of the totem. */
export function checkHello(hello: Hello, known: readonly KnownEpoch[]): StorageCheck {
  const told = hello.current === null ? hello.open : [...hello.open, hello.current];
  const resends = told.flatMap((epoch) => {
    const upTo = known.find((k) => k.epoch === epoch.epoch)?.upTo ?? 0;
    return upTo + 1 < epoch.oldestUnreceipted ? [{ epoch: epoch.epoch, from: upTo + 1 }] : [];
  });
  const open = new Set(told.map((epoch) => epoch.epoch));
  const alarms: { code: AlarmCode; detail: string }[] = [];
  for (const epoch of told) {
    const held = known.find((k) => k.epoch === epoch.epoch);
    const highest = held === undefined ? 0 : Math.max(held.upTo, held.ranges.at(-1)?.last ?? 0);
    if (highest > epoch.last) {
      alarms.push({
        code: "rolled-back",
        detail: `epoch ${epoch.epoch}: ${highest} held, totem says ${epoch.last}`,
      });
    }
  }
  // Below the cap a hello names every open epoch, so one that is not named is gone.
  const isComplete = hello.openEpochs <= hello.open.length && hello.open.length < HELLO_EPOCHS_MAX;
  for (const held of known) {
    if (isComplete && !held.succeeded && !open.has(held.epoch)) {
      alarms.push({ code: "epoch-missing", detail: `epoch ${held.epoch}: open here, unknown to the totem` });
    }
  }
  const missing = missingPredecessors(known, open);
  return {
    resends: [...resends, ...missing.filter((m) => !resends.some((r) => r.epoch === m.epoch))],
    alarms: [...alarms, ...lineageAlarms(known, open)],
  };
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
  return known.flatMap(({ previousEpoch, previousLast }) => {
    if (previousEpoch === null || open.has(previousEpoch)) return [];
    const upTo = known.find((k) => k.epoch === previousEpoch)?.upTo ?? 0;
    return upTo < previousLast ? [{ epoch: previousEpoch, from: upTo + 1 }] : [];
  });
}

/** Two successors of one head, or an ordinal that skips its predecessor's. */
function lineageAlarms(known: readonly KnownEpoch[], open: ReadonlySet<string>) {
  const alarms: { code: AlarmCode; detail: string }[] = [];
  for (const epoch of known) {
    const { previousEpoch, ordinal } = epoch;
    if (ordinal === null) continue;
    const siblings = known.filter((k) => k.ordinal !== null && k.previousEpoch === previousEpoch);
    if (siblings.length > 1 && siblings[0] === epoch) {
      alarms.push({
        code: "forked",
        detail: `epochs ${siblings.map((s) => s.epoch).join(", ")} follow the same one`,
      });
    }
    if (previousEpoch === null || open.has(previousEpoch)) continue;
    const before = known.find((k) => k.epoch === previousEpoch)?.ordinal ?? null;
    if (before !== null && before + 1 !== ordinal) {
      alarms.push({
        code: "ordinal-skipped",
        detail: `epoch ${epoch.epoch}: ordinal ${ordinal} follows ${before}`,
      });
    }
    if (before === null) {
      alarms.push({ code: "ordinal-skipped", detail: `epoch ${epoch.epoch}: its predecessor is not held` });
    }
  }
  return alarms;
}
