/**
 * The loop: event in, `step`, effects out, events back in. Knows ports only. What a session decided is carried out in
 * the order it was decided; the journal's answers come back as events like everything else.
 */
import type { FaultCode } from "#schemas/fault-codes.ts";
import type { SelfTestProgress } from "#schemas/self-test.ts";
import { voiceLanguagesOf } from "#schemas/voice-texts.ts";
import type { DeviceFault, KeyEdge, ScannerEvent } from "./ports.ts";
import { RecordKeeper } from "./record-keeper.ts";
import { openScanLine, type Scan, type ScanLine } from "./scan-line.ts";
import { SelfTestSlot } from "./self-test/self-test-slot.ts";
import type { Effect, Event, Judgement } from "./session/events.ts";
import type { SessionRules } from "./session/rules.ts";
import { mayBegin } from "./session/self-test.ts";
import { nextDeadlineMs, step } from "./session/session.ts";
import { INITIAL_SESSION, type Session } from "./session/state.ts";
import { type View, viewOf } from "./session/view.ts";
import { isAfterHours, isWithoutTicket } from "./site-times.ts";
import type { TotemParts } from "./totem-parts.ts";
import { nothingUnderWay } from "./under-way.ts";

export class Totem {
  readonly #parts: TotemParts;
  readonly #records: RecordKeeper;
  readonly #scans: ScanLine;
  readonly #selfTest: SelfTestSlot;
  readonly #underWay = nothingUnderWay();
  readonly #stop: (() => void)[] = [];
  #state: Session = INITIAL_SESSION;
  #shown = "";
  #totalPresses = 0;
  #isClosed = false;

  constructor(parts: TotemParts) {
    const { clock, judge } = parts;
    this.#parts = parts;
    this.#records = new RecordKeeper({
      ...parts,
      underWay: this.#underWay,
      wording: () => parts.settings()?.wording ?? 1,
      isOutOfOrder: () => this.#state.phase.name === "out-of-order",
      onEvent: (event) => this.feed(event),
    });
    this.#selfTest = new SelfTestSlot({
      ...parts,
      onChange: () => this.#moved(),
      onFinished: (passed) => this.feed({ type: "self-test-finished", passed, atMs: clock.nowMs() }),
    });
    this.#scans = openScanLine({
      judge: async (text) => judge.judge(text, { time: clock.entryTime(), mode: this.#state.mode }),
      onJudged: (judgement, length) => this.#judged(judgement, length),
      onFailed: (error) => {
        parts.log.error("judge-broke", { message: error.message });
        this.feed({ type: "storage-failed", cause: "journal-failed", atMs: clock.nowMs() });
      },
      nowMs: clock.nowMs,
      // The judge asks the journal, which may take as long for an answer as for a commit.
      patienceMs: parts.session.savingMs,
    });
  }

  /** Seals what an earlier start left, and listens meanwhile. Resolves when the totem is ready to scan. */
  async start(): Promise<void> {
    const { clock, keys, scanner, indicators, log, hasRoom } = this.#parts;
    this.feed({ type: "started", atMs: clock.nowMs() });
    const sealed = this.#records.seal();
    if (!hasRoom()) this.feed({ type: "storage-failed", cause: "disk-full", atMs: clock.nowMs() });
    if (!scanner.isReady()) this.recordFault("scanner-unplugged", "failed", null);
    const report = (fault: DeviceFault) => this.recordFault(fault.code, fault.state, fault.part);
    this.#stop.push(
      keys.onFault(report),
      indicators.onFault(report),
      keys.onEdge((edge) => this.#edge(edge)),
      scanner.onEvent((event) => this.#scannerSaid(event)),
      indicators.onHeadphones((plugged) =>
        this.feed({ type: "headphones-changed", plugged, atMs: clock.nowMs() }),
      ),
    );
    await sealed;
    log.info("ready");
  }

  /** Takes an event and does everything that follows from it. */
  feed(event: Event): void {
    const { state, effects } = step(this.#state, event, this.#rules());
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (this.#selfTest.isRunning() && this.#state.selfTest !== "running") void this.#selfTest.end();
    this.#moved();
  }

  /** What is lit now. */
  view(): View {
    return this.#selfTest.view() ?? viewOf(this.#state, this.#rules());
  }

  /** What the running self-test asks for, or null. */
  selfTestProgress(): SelfTestProgress | null {
    return this.#selfTest.progress();
  }

  /** Begins the self-test as the service key does; not while one runs, nor in the middle of somebody's vote. */
  testItself(): "begun" | "running" | "voting" {
    if (this.#state.selfTest === "running") return "running";
    if (!mayBegin(this.#state)) return "voting";
    this.feed({ type: "self-test-asked", atMs: this.#parts.clock.nowMs() });
    return "begun";
  }

  /** The key states and the sum of all presses, for the health message. */
  health(): { readonly keys: Session["keys"]; readonly totalPresses: number } {
    return { keys: this.#state.keys, totalPresses: this.#totalPresses };
  }

  /** Writes a fault or its end into the journal, now or as soon as the journal works. */
  recordFault(code: FaultCode, state: "failed" | "recovered", part: string | null): void {
    // The part stays in the journal: a log that named a key would tell what somebody pressed, and when.
    this.#parts.log[state === "failed" ? "warn" : "info"]("fault", { code, state });
    this.#records.notice({ kind: "fault", time: this.#parts.clock.entryTime(), code, state, part });
  }

  /** Resolves when every scan so far is judged and everything that followed is stored. */
  settled(): Promise<void> {
    return this.#underWay.settled();
  }

  /** Stops listening and writes what is still counted; a draft stays for the next start to seal. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stop.splice(0)) stop();
    this.#parts.clock.wakeAt(null, () => undefined);
    await this.#selfTest.end();
    await this.settled();
    await this.#records.close();
  }

  #rules(): SessionRules {
    const { session, settings, clock } = this.#parts;
    const site = settings();
    return {
      ...session,
      withoutTicket: isWithoutTicket(site, clock.entryTime()),
      languages: voiceLanguagesOf(site?.languages ?? []),
    };
  }

  /** What comes with everything a person does. */
  #met(): { readonly freshId: string; readonly afterHours: boolean } {
    const { freshId, settings, clock } = this.#parts;
    return { freshId: freshId(), afterHours: isAfterHours(settings(), clock.entryTime()) };
  }

  #edge(edge: KeyEdge): void {
    const { key, active, atMs, initial } = edge;
    this.#selfTest.edge(edge);
    if (initial) this.feed({ type: "key-found-active", key, atMs });
    else this.feed({ type: "key-changed", key, active, atMs, ...this.#met() });
  }

  #scannerSaid(event: ScannerEvent): void {
    if (event.type === "scanned") this.#scan({ text: event.text, length: event.text.length });
    else if (event.type === "overlong") this.#scan({ text: "", length: event.length });
    else this.recordFault("scanner-unplugged", event.type === "plugged" ? "recovered" : "failed", null);
  }

  #scan(scan: Scan): void {
    const { log, indicators } = this.#parts;
    const isTest = this.#selfTest.isRunning();
    const judged = isTest ? null : this.#scans.enter(scan);
    if (isTest) this.#selfTest.scanned(scan.length);
    else if (judged !== null) {
      this.#underWay.begin(judged);
      this.#sleep();
    } else {
      log.warn("scan-not-judged");
      indicators.play("fault");
    }
  }

  #judged(judgement: Judgement, length: number): void {
    const atMs = this.#parts.clock.nowMs();
    this.feed({ type: "ticket-judged", judgement, length, atMs, ...this.#met() });
  }

  #carryOut(effect: Effect): void {
    const { indicators, clock, log } = this.#parts;
    switch (effect.type) {
      case "sound":
        indicators.play(effect.sound);
        break;
      case "speak":
        indicators.say(effect.phrase, effect.language);
        break;
      case "commit-draft":
        this.#underWay.begin(this.#records.commit(effect.draft, this.#state.mode));
        break;
      case "seal-draft":
        this.#underWay.begin(this.#records.seal());
        break;
      case "count-refusal":
        log.info("refused", { reason: effect.refusal, length: effect.length });
        this.#records.countRefusal(effect.refusal, effect.service);
        break;
      case "count-press":
        this.#totalPresses += 1;
        break;
      case "probe-journal":
        this.#underWay.begin(this.#records.probe());
        break;
      case "record-fault":
        this.recordFault(effect.code, effect.state, effect.part);
        break;
      case "record-mode":
        this.#records.notice({ kind: "mode", time: clock.entryTime(), mode: effect.mode });
        break;
      case "start-self-test":
        this.#selfTest.begin();
        break;
      case "self-test-press":
        this.#selfTest.pressed(effect.key);
        break;
    }
  }

  #moved(): void {
    const view = this.view();
    const text = JSON.stringify(view);
    if (text !== this.#shown) this.#parts.indicators.show(view);
    this.#shown = text;
    this.#sleep();
  }

  /** Sleeps until the session or the records want to be woken. */
  #sleep(): void {
    if (this.#isClosed) return;
    const { clock } = this.#parts;
    const session = nextDeadlineMs(this.#state, this.#rules());
    const [records, scans] = [this.#records.nextDeadlineMs(), this.#scans.deadlineMs()];
    const wanted = [session, records, scans, this.#selfTest.nextDeadlineMs()];
    const deadlines = wanted.filter((at) => at !== null);
    clock.wakeAt(deadlines.length === 0 ? null : Math.min(...deadlines), () => {
      this.#records.writeDue();
      this.#scans.waited();
      this.#selfTest.tick();
      this.feed({ type: "tick", atMs: clock.nowMs() });
    });
  }
}
