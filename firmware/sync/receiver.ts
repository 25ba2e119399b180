/**
 * Takes what comes down from the gateway, one message after the other: receipts into the journal, settings into the
 * totem, commands to whoever obeys them. What cannot be believed changes nothing and is reported, seldom enough that
 * whoever sends it cannot fill the journal.
 */
import type { KeyObject } from "node:crypto";
import type { FaultCode } from "#schemas/fault-codes.ts";
import { HOUR_MS } from "#schemas/time.ts";
import { parseSpent, totemTopic } from "#schemas/topics.ts";
import type { Clock, Journal, Log, UplinkListener } from "../ports.ts";
import { obeyCommand } from "./commands.ts";
import { readCommand, readDayKeys, readReceipt, readSettingsMessage } from "./downlink.ts";
import type { Sender, Wire } from "./sender.ts";

/** Where the settings in force are kept in the journal, as they came. */
export const KEPT_SETTINGS = "settings";

/** A fault of the same kind is reported once in this time: each report is an entry that is kept and sent. */
export const FAULT_EVERY_MS = HOUR_MS;

export type ReceiverParts = {
  readonly totemId: string;
  readonly siteId: string;
  readonly gatewayKey: KeyObject;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly listener: UplinkListener;
  readonly wire: Wire;
  readonly sender: Sender;
};

export class Receiver {
  readonly #parts: ReceiverParts;
  readonly #reportedAtMs = new Map<string, number>();
  #work: Promise<void> = Promise.resolve();

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  /** Takes one message; resolves when it and all before it are done with, so that a flood waits at the broker. */
  receive(topic: string, payload: Buffer, retained: boolean): Promise<void> {
    this.#work = this.#work
      .then(() => this.#take(topic, payload, retained))
      .catch((error: Error) => this.#parts.log.error("downlink-failed", { message: error.message }));
    return this.#work;
  }

  async #take(topic: string, payload: Buffer, retained: boolean): Promise<void> {
    const { totemId, siteId } = this.#parts;
    if (topic === totemTopic(totemId, "receipt")) await this.#receipt(payload);
    else if (topic === totemTopic(totemId, "settings")) await this.#settings(payload, retained);
    else if (topic === totemTopic(totemId, "keys")) await this.#keys(payload);
    else if (topic === totemTopic(totemId, "command")) await this.#command(payload);
    else {
      const sender = parseSpent(siteId, topic);
      if (sender !== null && sender !== totemId) this.#parts.listener.onSpent(sender, payload);
    }
  }

  async #receipt(payload: Buffer): Promise<void> {
    const { journal, gatewayKey, listener, log, sender } = this.#parts;
    const receipt = readReceipt(payload, gatewayKey);
    if (!receipt.ok) return this.#refused("receipt", receipt.problem);
    const { epoch, timeMs } = receipt.value;
    const outcome = await journal.applyReceipt(receipt.value);
    if (!outcome.ok) return log.warn("receipt-not-stored", { cause: outcome.problem });
    listener.onTime(timeMs);
    if (outcome.value.headMismatch) {
      log.warn("head-mismatch", { epoch });
      this.#report("head-mismatch", null);
    }
    for (const { seq, reason } of outcome.value.rejected) {
      log.warn("entry-rejected", { epoch, seq, reason });
      this.#report("entry-rejected", null);
    }
    sender.receiptCame();
  }

  async #settings(payload: Buffer, retained: boolean): Promise<void> {
    const { journal, gatewayKey, totemId, listener, sender } = this.#parts;
    const settings = readSettingsMessage(payload, gatewayKey, totemId);
    if (!settings.ok) return this.#refused("settings", settings.problem);
    if (settings.value.version > (await this.#versionInForce())) {
      const stored = await journal.keep(KEPT_SETTINGS, payload.toString("utf8"));
      if (stored.ok) listener.onSettings(settings.value);
    }
    // A gateway that has just started says its settings anew.
    if (!retained) await sender.gatewayStarted();
  }

  async #keys(payload: Buffer): Promise<void> {
    const { gatewayKey, totemId, listener } = this.#parts;
    const keys = readDayKeys(payload, gatewayKey, totemId);
    if (!keys.ok) return this.#refused("keys", keys.problem);
    await listener.onKeys(keys.value);
  }

  /** Settings of a gateway this totem no longer belongs to are in force no more. */
  async #versionInForce(): Promise<number> {
    const { journal, gatewayKey, totemId } = this.#parts;
    const kept = await journal.kept(KEPT_SETTINGS);
    const read = kept === null ? null : readSettingsMessage(Buffer.from(kept), gatewayKey, totemId);
    return read?.ok ? read.value.version : 0;
  }

  async #command(payload: Buffer): Promise<void> {
    const { gatewayKey, totemId, journal, clock, listener, wire, sender } = this.#parts;
    const command = readCommand(payload, gatewayKey, totemId);
    if (!command.ok) return this.#refused("command", command.problem);
    const reply = await obeyCommand(command.value, {
      journal,
      time: clock.entryTime(),
      identify: listener.onIdentify,
      hello: () => sender.hello(),
    });
    if (reply === null) return;
    wire.publish("reply", JSON.stringify(reply));
    sender.pump(true);
  }

  #refused(kind: "receipt" | "settings" | "keys" | "command", problem: string): void {
    this.#parts.log.warn("downlink-refused", { kind, problem });
    this.#report("downlink-refused", kind);
  }

  #report(code: FaultCode, part: string | null): void {
    const { clock, listener } = this.#parts;
    const name = `${code}/${part}`;
    const nowMs = clock.nowMs();
    const before = this.#reportedAtMs.get(name);
    if (before !== undefined && nowMs - before < FAULT_EVERY_MS) return;
    this.#reportedAtMs.set(name, nowMs);
    listener.onFault(code, part);
  }
}
