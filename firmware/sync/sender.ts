/**
 * Keeps batches going up: joins the pure outbox with the journal and the wire. A PUBACK means nothing here; only
 * receipts, through the journal, take anything off what is to be sent.
 */
import { BATCHES_IN_FLIGHT_MAX, HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import { type Hello, SCHEMA_VERSION } from "#schemas/messages.ts";
import type { Uplink } from "#schemas/topics.ts";
import type { Clock, EpochProgress, Journal, Log } from "../ports.ts";
import { reached } from "../steps.ts";
import {
  connected,
  EMPTY_OUTBOX,
  gatewayAnnounced,
  gatewayHeard,
  nextOutboxDeadlineMs,
  nextToSend,
  type Outbox,
  progressed,
  RECEIPT_WAIT_MS,
  sent,
  waited,
} from "./outbox.ts";

/** The session to the broker, as far as sending needs it. */
export type Wire = {
  readonly isReady: () => boolean;
  /** Hands a message over; dropped when there is no session. */
  readonly publish: (kind: Uplink, text: string) => void;
};

export type SenderParts = {
  readonly journal: Pick<Journal, "openEpochs" | "readBatch" | "sums">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
  readonly wire: Wire;
  readonly random: () => number;
  /** This start's epoch, and which start it is. */
  readonly epoch: string;
  readonly startCount: number;
};

export class Sender {
  readonly #parts: SenderParts;
  #outbox: Outbox = EMPTY_OUTBOX;
  #pumping: Promise<void> | null = null;
  #stale = true;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** A new session stands: says what is held and sends it. */
  async begin(): Promise<void> {
    this.#outbox = connected(this.#outbox);
    await this.hello().finally(() => this.pump(true));
  }

  /** The gateway has just started, within our session: it wants to know what we still hold. */
  async gatewayStarted(): Promise<void> {
    await this.hello().finally(() => {
      this.#outbox = gatewayAnnounced(this.#outbox, this.#nowMs());
      this.pump(true);
    });
  }

  /** A receipt was applied. */
  receiptCame(): void {
    this.#outbox = gatewayHeard(this.#outbox, this.#nowMs());
    this.pump(true);
  }

  /** Says what the journal holds that was not receipted. */
  async hello(): Promise<void> {
    const { journal, wire, epoch, startCount } = this.#parts;
    const [epochs, sums] = [await journal.openEpochs(), await journal.sums()];
    const states = epochs.map(stateOf);
    const hello: Hello = {
      startCount,
      schema: SCHEMA_VERSION,
      current: states.find((state) => state.epoch === epoch) ?? null,
      open: states.slice(0, HELLO_EPOCHS_MAX),
      openEpochs: sums.openEpochs,
      entriesPending: sums.pending,
      bytesPending: sums.pendingBytes,
    };
    wire.publish("hello", JSON.stringify(hello));
  }

  /** Sends what may be sent. @param stale the journal has news since its progress was last read. */
  pump(stale: boolean): void {
    this.#stale ||= stale;
    this.#again = true;
    if (this.#closed) return;
    this.#pumping ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#pumping;
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#refresh();
        await this.#sendDue();
      }
      const deadline = nextOutboxDeadlineMs(this.#outbox, this.#nowMs());
      this.#wakeAt(this.#parts.wire.isReady() ? deadline : null);
    } catch (error) {
      // A journal that cannot be read now is read again later; nothing was marked.
      this.#parts.log.error("sending-failed", { message: (error as Error).message });
      this.#stale = true;
      this.#wakeAt(this.#nowMs() + RECEIPT_WAIT_MS);
    } finally {
      // In the same turn as the last look at `#again`: news that came in between would otherwise wait for the next.
      this.#pumping = null;
    }
  }

  async #refresh(): Promise<void> {
    if (!this.#stale) return;
    this.#stale = false;
    this.#outbox = progressed(this.#outbox, await this.#parts.journal.openEpochs());
  }

  async #sendDue(): Promise<void> {
    const { journal, wire, random } = this.#parts;
    this.#outbox = waited(this.#outbox, this.#nowMs(), random());
    for (let free = BATCHES_IN_FLIGHT_MAX; free > 0 && wire.isReady() && !this.#closed; free--) {
      const run = nextToSend(this.#outbox, this.#nowMs());
      if (run === null) return;
      const batch = await journal.readBatch(run.epoch, run.from, run.to);
      if (batch === null) {
        // The journal has moved on, or cannot read the run: look again, and try this run no sooner than a sent one.
        this.#outbox = sent(this.#outbox, { epoch: run.epoch, first: run.from, last: run.to }, this.#nowMs());
        this.#stale = true;
        this.#again = true;
        return;
      }
      reached("send:before-publish");
      wire.publish("entries", batch.text);
      reached("send:after-publish");
      this.#outbox = sent(this.#outbox, batch, this.#nowMs());
    }
  }

  #wakeAt(atMs: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (atMs === null || this.#closed) return;
    this.#timer = setTimeout(() => this.pump(false), Math.max(0, atMs - this.#nowMs()));
  }

  #nowMs(): number {
    return this.#parts.clock.nowMs();
  }
}

function stateOf({ epoch, ordinal, oldestUnreceipted, last, head }: EpochProgress) {
  return { epoch, ordinal, oldestUnreceipted, last, head };
}
