/**
 * Tells the other totems of the site which tickets were taken here, so that they refuse them on the spot instead of leaving it to the gateway.
 * What could not be told is told at the next connection, as long as the ticket is good. In memory only: what a restart forgets is settled
 * at the gateway.
 */
import { type SigningKey, signMessage } from "#schemas/signature.ts";

/** Marks in one message (`SPENT`). */
const MARKS_PER_MESSAGE = 20;
/** Marks waiting: as many as the others take of one totem in an hour. */
const WAITING_MAX = 600;

export type SpentTellerParts = {
  readonly key: SigningKey;
  /** Sends to the site's totems; false while there is no connection. */
  readonly send: (text: string) => boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** How long a ticket is good. */
  readonly keepMs: () => number;
};

export class SpentTeller {
  readonly #parts: SpentTellerParts;
  #waiting: { readonly mark: string; readonly untilMs: number }[] = [];

  constructor(parts: SpentTellerParts) {
    this.#parts = parts;
  }

  /** A ticket was taken here. */
  spent(mark: string): void {
    const { nowMs, keepMs } = this.#parts;
    this.#waiting = [...this.#waiting, { mark, untilMs: nowMs() + keepMs() }].slice(-WAITING_MAX);
    this.tell();
  }

  /** Tells what waits, as far as there is a connection. */
  tell(): void {
    const { key, send, nowMs } = this.#parts;
    this.#waiting = this.#waiting.filter(({ untilMs }) => nowMs() < untilMs);
    while (this.#waiting.length > 0) {
      const told = this.#waiting.slice(0, MARKS_PER_MESSAGE);
      const marks = told.map(({ mark }) => mark);
      if (!send(JSON.stringify(signMessage("spent", { marks }, key)))) return;
      this.#waiting = this.#waiting.slice(told.length);
    }
  }
}
