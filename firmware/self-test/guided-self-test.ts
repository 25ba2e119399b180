/**
 * Runs the self-test at a totem: carries out what its steps ask for, watches the contacts, and has the report made. It
 * tells whoever listens how far it is; nobody need.
 */
import type { ReadinessReport, SelfTestItemResult, SelfTestProgress } from "#schemas/self-test.ts";
import type { VoiceLanguage } from "#schemas/voice-texts.ts";
import type {
  Clock,
  Indicators,
  Log,
  RunningSelfTest,
  SelfTest,
  Unsubscribe,
  WatchableKeys,
} from "../ports.ts";
import { type Bounces, bounced, bounceReport, NO_BOUNCES } from "./bounce.ts";
import { viewWhile } from "./items.ts";
import {
  askedItem,
  beginSelfTest,
  type CheckResult,
  nextSelfTestDeadlineMs,
  progressOf,
  type SelfTestEffect,
  type SelfTestEvent,
  type SelfTestStep,
  selfTestStep,
} from "./self-test.ts";

/** What the test found, before the report says about which machine. */
export type SelfTestOutcome = {
  readonly startedMs: number;
  readonly tookMs: number;
  readonly ready: boolean;
  readonly items: readonly SelfTestItemResult[];
  readonly bounce: ReadinessReport["bounce"];
};

export type SelfTestParts = {
  readonly clock: Pick<Clock, "nowMs" | "entryTime">;
  readonly indicators: Pick<Indicators, "play" | "say">;
  readonly keys: Pick<WatchableKeys, "watchContacts">;
  readonly log: Pick<Log, "info" | "error">;
  readonly hasVoice: boolean;
  /** In which the technician is spoken to. */
  readonly language: () => VoiceLanguage;
  readonly checks: () => Promise<readonly CheckResult[]>;
  /** Makes the report and writes it; which files it became. */
  readonly report: (outcome: SelfTestOutcome) => Promise<WrittenReport>;
};

export type WrittenReport = { readonly report: ReadinessReport; readonly files: readonly string[] };

/** What a listener is told. */
export type SelfTestNews =
  | { readonly type: "asks"; readonly asks: SelfTestProgress }
  | { readonly type: "result"; readonly result: SelfTestItemResult }
  | { readonly type: "finished"; readonly written: WrittenReport }
  /** It ended without a report: before its end, or because none could be written. */
  | { readonly type: "given-up" };

export type GuidedSelfTest = SelfTest & {
  readonly onNews: (listener: (news: SelfTestNews) => void) => Unsubscribe;
  /** The last report of this start. */
  readonly lastReport: () => ReadinessReport | null;
};

export function guidedSelfTest(parts: SelfTestParts): GuidedSelfTest {
  const listeners = new Set<(news: SelfTestNews) => void>();
  let last: ReadinessReport | null = null;
  const tell = (news: SelfTestNews) => {
    if (news.type === "finished") last = news.written.report;
    for (const listener of listeners) listener(news);
  };
  return {
    begin: (onChange) => run(parts, { onChange, tell }),
    onNews: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lastReport: () => last,
  };
}

type Around = { readonly onChange: () => void; readonly tell: (news: SelfTestNews) => void };

function run(parts: SelfTestParts, { onChange, tell }: Around): RunningSelfTest {
  const { clock } = parts;
  const startedAtMs = clock.nowMs();
  const startedMs = clock.entryTime().wallMs;
  const contacts = watchContacts(parts.keys);
  const end = Promise.withResolvers<boolean>();
  let isOver = false;
  let { state, effects } = beginSelfTest(startedAtMs, { hasVoice: parts.hasVoice });

  const over = async (ready: boolean) => {
    isOver = true;
    const bounce = contacts.end();
    const tookMs = Math.round(clock.nowMs() - startedAtMs);
    const written = await reported(parts, tell, { startedMs, tookMs, ready, items: state.results, bounce });
    parts.log.info("self-test", { passed: ready, items: state.results.length });
    tell({ type: "finished", written });
    return ready;
  };
  const follow = (next: SelfTestStep) => {
    ({ state, effects } = next);
    for (const effect of effects) carryOut(effect);
    onChange();
  };
  const feed = (event: SelfTestEvent) => {
    if (!isOver) follow(selfTestStep(state, event));
  };
  const carryOut = (effect: SelfTestEffect) => {
    switch (effect.type) {
      case "sound":
        parts.indicators.play(effect.sound);
        break;
      case "speak":
        parts.indicators.say(effect.phrase, parts.language());
        break;
      case "asks":
      case "result":
        tell(effect);
        break;
      case "run-checks":
        void checked(parts).then((checks) => feed({ type: "checked", checks, atMs: clock.nowMs() }));
        break;
      case "finished":
        end.resolve(over(effect.passed));
        break;
    }
  };
  // Only once the totem holds this: it is told what changed.
  queueMicrotask(() => {
    if (!isOver) follow({ state, effects });
  });
  return {
    pressed: (key) => feed({ type: "pressed", key, atMs: clock.nowMs() }),
    scanned: (length) => feed({ type: "scanned", length, atMs: clock.nowMs() }),
    edge: contacts.edge,
    tick: () => feed({ type: "tick", atMs: clock.nowMs() }),
    nextDeadlineMs: () => (isOver ? null : nextSelfTestDeadlineMs(state)),
    view: () => viewWhile(askedItem(state)),
    progress: () => progressOf(state),
    giveUp: () => {
      if (isOver) return;
      isOver = true;
      contacts.end();
      tell({ type: "given-up" });
      end.resolve(false);
    },
    done: end.promise,
  };
}

/** A report that cannot be written ends the test as failed; whoever listens must not wait for one that never comes. */
async function reported(
  { report }: SelfTestParts,
  tell: Around["tell"],
  outcome: SelfTestOutcome,
): Promise<WrittenReport> {
  try {
    return await report(outcome);
  } catch (error) {
    tell({ type: "given-up" });
    throw error;
  }
}

/** A check that throws is a check that found nothing: its item fails. */
async function checked({ checks, log }: SelfTestParts): Promise<readonly CheckResult[]> {
  try {
    return await checks();
  } catch (error) {
    log.error("self-test-checks-broke", { message: (error as Error).message });
    return [];
  }
}

function watchContacts({ watchContacts: watch }: SelfTestParts["keys"]) {
  const stop = watch?.();
  let bounces: Bounces = NO_BOUNCES;
  return {
    edge: (edge: Parameters<typeof bounced>[1]) => {
      if (stop !== undefined) bounces = bounced(bounces, edge);
    },
    end: (): ReadinessReport["bounce"] => {
      stop?.();
      return stop === undefined ? null : bounceReport(bounces);
    },
  };
}
