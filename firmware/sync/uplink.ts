/**
 * The totem's way to the gateway: says hello, sends batches, applies receipts, obeys commands. Joins the pure outbox,
 * the journal and one MQTT session. A PUBACK means nothing here; only receipts do.
 */
import { type KeyObject, randomInt } from "node:crypto";
import { connect } from "mqtt";
import { BATCHES_IN_FLIGHT_MAX, HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import { type Link, openLink } from "#schemas/link.ts";
import { type Hello, SCHEMA_VERSION, type Status } from "#schemas/messages.ts";
import { totemTopic } from "#schemas/topics.ts";
import type { Clock, EpochProgress, Journal, Log, Uplink, UplinkListener } from "../ports.ts";
import { reached } from "../steps.ts";
import { obeyCommand } from "./commands.ts";
import { readCommand, readReceipt, readSettingsMessage } from "./downlink.ts";
import {
  connected,
  EMPTY_OUTBOX,
  gatewayHeard,
  nextOutboxDeadlineMs,
  nextToSend,
  type Outbox,
  progressed,
  sent,
  waited,
} from "./outbox.ts";

export type UplinkOptions = {
  readonly totemId: string;
  readonly mqtt: { readonly url: string; readonly password: string; readonly ca: string | null };
  readonly gatewayKey: KeyObject;
  readonly epoch: string;
  readonly status: Omit<Status, "online">;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly listener: UplinkListener;
};

/** Where the version of the settings in force is kept in the journal. */
export const KEPT_SETTINGS = "settings";

/** Starts the session and keeps sending until closed. */
export function openUplink(options: UplinkOptions): Uplink {
  const sender = new Sender(options);
  sender.start();
  return {
    entriesWaiting: () => sender.pump(true),
    isConnected: () => sender.isConnected(),
    publishHealth: (health) => sender.publish("health", health),
    close: () => sender.close(),
  };
}

const random = () => randomInt(1_000_000) / 1_000_000;

class Sender {
  readonly #options: UplinkOptions;
  #link: Link | null = null;
  #outbox: Outbox = EMPTY_OUTBOX;
  #pumping: Promise<void> | null = null;
  #stale = true;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: UplinkOptions) {
    this.#options = options;
  }

  start(): void {
    const { totemId, mqtt, status } = this.#options;
    const topic = (kind: "receipt" | "settings" | "command") => totemTopic(totemId, kind);
    this.#link = openLink({
      connect,
      url: mqtt.url,
      clientId: totemId,
      username: totemId,
      password: mqtt.password,
      ca: mqtt.ca,
      will: { topic: totemTopic(totemId, "status"), payload: JSON.stringify({ ...status, online: false }) },
      subscriptions: [topic("receipt"), topic("settings"), topic("command")],
      random,
      onReady: () => void this.#ready(),
      onLost: (reason) => {
        this.#options.log.info("uplink-lost", { reason });
        this.#options.listener.onConnection(false);
      },
      onMessage: (at, payload, retained) => void this.#received(at, payload, retained),
    });
  }

  isConnected(): boolean {
    return this.#link?.isReady() ?? false;
  }

  publish(kind: "hello" | "health" | "status" | "reply", message: object): void {
    const retain = kind === "status";
    this.#link?.publish(totemTopic(this.#options.totemId, kind), JSON.stringify(message), { retain });
  }

  /** Sends what may be sent. @param stale the journal has news since its progress was last read. */
  pump(stale: boolean): void {
    this.#stale ||= stale;
    this.#again = true;
    if (this.#closed) return;
    this.#pumping ??= this.#run().finally(() => {
      this.#pumping = null;
    });
  }

  async close(): Promise<void> {
    this.publish("status", { ...this.#options.status, online: false });
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#pumping;
    await this.#link?.close();
  }

  async #ready(): Promise<void> {
    this.#options.log.info("uplink-ready");
    this.#outbox = connected(this.#outbox);
    this.publish("status", { ...this.#options.status, online: true });
    await this.#hello();
    this.#options.listener.onConnection(true);
    this.pump(true);
  }

  async #hello(): Promise<void> {
    const { journal, epoch, status } = this.#options;
    const [epochs, sums] = [await journal.openEpochs(), await journal.sums()];
    const hello: Hello = {
      startCount: status.startCount,
      schema: SCHEMA_VERSION,
      current: epochs.map(stateOf).find((e) => e.epoch === epoch) ?? null,
      open: epochs.map(stateOf).slice(0, HELLO_EPOCHS_MAX),
      openEpochs: epochs.length,
      entriesPending: sums.pending,
      bytesPending: sums.pendingBytes,
    };
    this.publish("hello", hello);
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      if (this.#stale) {
        this.#stale = false;
        const epochs = await this.#options.journal.openEpochs();
        this.#outbox = progressed(this.#outbox, epochs);
      }
      await this.#sendDue();
    }
    this.#wakeAtDeadline();
  }

  async #sendDue(): Promise<void> {
    this.#outbox = waited(this.#outbox, this.#nowMs(), random());
    for (let free = BATCHES_IN_FLIGHT_MAX; free > 0 && this.isConnected() && !this.#closed; free--) {
      const run = nextToSend(this.#outbox, this.#nowMs());
      if (run === null) return;
      const batch = await this.#options.journal.readBatch(run.epoch, run.from, run.to);
      if (batch === null) {
        // The journal moved on meanwhile: look again.
        this.#stale = true;
        this.#again = true;
        return;
      }
      reached("send:before-publish");
      this.#link?.publish(totemTopic(this.#options.totemId, "entries"), batch.text);
      reached("send:after-publish");
      this.#outbox = sent(this.#outbox, batch, { nowMs: this.#nowMs(), random: random() });
    }
  }

  #wakeAtDeadline(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const deadline = this.isConnected() ? nextOutboxDeadlineMs(this.#outbox) : null;
    if (deadline === null || this.#closed) return;
    this.#timer = setTimeout(() => this.pump(false), Math.max(0, deadline - this.#nowMs()));
  }

  async #received(topic: string, payload: Buffer, retained: boolean): Promise<void> {
    const { totemId } = this.#options;
    if (topic === totemTopic(totemId, "receipt")) await this.#receipt(payload);
    else if (topic === totemTopic(totemId, "settings")) await this.#settings(payload, retained);
    else if (topic === totemTopic(totemId, "command")) await this.#command(payload);
  }

  async #receipt(payload: Buffer): Promise<void> {
    const { journal, gatewayKey, listener, log } = this.#options;
    const receipt = readReceipt(payload, gatewayKey);
    if (!receipt.ok) return this.#refused("receipt", receipt.problem);
    const outcome = await journal.applyReceipt(receipt.value);
    if (!outcome.ok) return log.warn("receipt-not-stored", { cause: outcome.problem });
    listener.onTime(receipt.value.timeMs);
    if (outcome.value.headMismatch) listener.onFault("head-mismatch", null);
    for (const { seq, reason } of outcome.value.rejected) {
      log.warn("entry-rejected", { epoch: receipt.value.epoch, seq, reason });
      listener.onFault("entry-rejected", null);
    }
    this.#outbox = gatewayHeard(this.#outbox, this.#nowMs());
    this.pump(true);
  }

  async #settings(payload: Buffer, retained: boolean): Promise<void> {
    const { journal, gatewayKey, totemId, listener } = this.#options;
    const settings = readSettingsMessage(payload, gatewayKey, totemId);
    if (!settings.ok) return this.#refused("settings", settings.problem);
    const before = await journal.kept(KEPT_SETTINGS);
    const version = before === null ? 0 : (JSON.parse(before) as { version: number }).version;
    if (settings.value.version > version) {
      const stored = await journal.keep(KEPT_SETTINGS, payload.toString("utf8"));
      if (stored.ok) listener.onSettings(settings.value);
    }
    // A gateway that has just started says its settings anew: it wants to know what we still hold.
    if (!retained) {
      this.#outbox = connected(this.#outbox);
      await this.#hello();
      this.pump(true);
    }
  }

  async #command(payload: Buffer): Promise<void> {
    const { gatewayKey, totemId, journal, clock, listener } = this.#options;
    const command = readCommand(payload, gatewayKey, totemId);
    if (!command.ok) return this.#refused("command", command.problem);
    const reply = await obeyCommand(command.value, {
      journal,
      time: clock.entryTime(),
      identify: listener.onIdentify,
      hello: () => this.#hello(),
    });
    if (reply === null) return;
    this.publish("reply", reply);
    this.#outbox = connected(this.#outbox);
    this.pump(true);
  }

  #refused(kind: string, problem: string): void {
    this.#options.log.warn("downlink-refused", { kind, problem });
    this.#options.listener.onFault("downlink-refused", kind);
  }

  #nowMs(): number {
    return this.#options.clock.nowMs();
  }
}

function stateOf({ epoch, ordinal, oldestUnreceipted, last, head }: EpochProgress) {
  return { epoch, ordinal, oldestUnreceipted, last, head };
}
