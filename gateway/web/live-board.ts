/**
 * Today's figures, read once for everybody: pages and streams of readers with equal rights show the same, and two hundred of them cost no more
 * than one. What is shown, and when it moves, is decided by `dashboard/live-figures.ts`.
 */
import { addDays, localDayOf } from "#schemas/local-day.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { statusOf } from "../api/status.ts";
import { type Held, type LiveFigures, nextHeld } from "../dashboard/live-figures.ts";
import { linesOf } from "../reports/lines.ts";
import { type PublicPlaces, publicPlaces } from "../reports/places.ts";

/** What decides what a reader sees. */
export type Rights = { readonly isExact: boolean; readonly officeId: string | null };

export type LiveView = {
  readonly day: string;
  readonly addsUp: boolean;
  /** Figures by place key; a service that is not here shows none yet. */
  readonly places: Readonly<Record<string, LiveFigures>>;
};

export type LiveBoard = {
  readonly view: (rights: Rights) => Promise<LiveView>;
  /** The same as JSON, written once for all readers of equal rights. */
  readonly text: (rights: Rights) => Promise<string>;
};

/** Figures older than this are read anew: often enough to seem live, seldom enough to cost nothing. */
export const TICK_MS = 2_000;
/** Whether everything adds up is asked of every totem: less often. */
const STATUS_MS = 10_000;

export function openLiveBoard(
  parts: Pick<ServerParts, "store" | "directory" | "settings" | "nowMs"> & { readonly tickMs?: number },
): LiveBoard {
  const { store, directory, settings, nowMs } = parts;
  const everywhere = publicPlaces(directory.sites);
  const zone = directory.sites[0]?.zone ?? "UTC";
  const held: Record<"exact" | "public", Held | null> = { exact: null, public: null };
  // One for each office and each of the two ways to see: as many as there are offices, twice.
  const texts = new Map<string, string>();
  const read = async () => {
    const day = localDayOf(nowMs(), zone);
    const rows = await store.countSpans([{ fromDay: day, toDay: addDays(day, 1) }]);
    const next = (before: Held | null, places: PublicPlaces | null) =>
      nextHeld(before, day, linesOf(rows, places), {
        ...{ step: settings.live.step, wording: settings.wording, isExact: places === null },
      });
    held.exact = next(held.exact, null);
    held.public = next(held.public, everywhere);
    texts.clear();
  };
  const refresh = oncePer(parts.tickMs ?? TICK_MS, nowMs, read);
  let addsUp = true;
  const look = oncePer(STATUS_MS, nowMs, async () => {
    ({ addsUp } = statusOf(await store.totemStatuses(), await store.alarms(), settings.live.step));
    texts.clear();
  });
  const view = async ({ isExact, officeId }: Rights) => {
    await Promise.all([refresh(), look()]);
    return viewOf(isExact ? held.exact : held.public, officeId, addsUp);
  };
  return {
    view,
    text: async (rights) => {
      await Promise.all([refresh(), look()]);
      const key = `${rights.isExact} ${rights.officeId ?? ""}`;
      const known = texts.get(key) ?? JSON.stringify(await view(rights));
      texts.set(key, known);
      return known;
    },
  };
}

function viewOf(held: Held | null, officeId: string | null, addsUp: boolean): LiveView {
  const places: Record<string, LiveFigures> = {};
  for (const [key, { place, shown }] of held?.places ?? []) {
    if (shown !== null && (officeId === null || place.officeId === officeId)) places[key] = shown;
  }
  return { day: held?.day ?? "", addsUp, places };
}

/** Does something at most once in a while, and once for all who ask meanwhile. */
function oncePer(everyMs: number, nowMs: () => number, act: () => Promise<void>): () => Promise<void> {
  let doneMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  return () => {
    if (running !== null) return running;
    if (nowMs() - doneMs < everyMs) return Promise.resolve();
    doneMs = nowMs();
    running = act().finally(() => {
      running = null;
    });
    return running;
  };
}
