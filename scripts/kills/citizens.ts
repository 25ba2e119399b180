/**
 * Citizens at one totem, one after the other, until its power is cut: each scans a ticket, presses a face, and may
 * change the choice or give a reason. What was thanked for is written down the moment it is seen.
 */
import { setTimeout as pause } from "node:timers/promises";
import { FACES, type Face, type Key, REASON_KEYS } from "#schemas/code-list.ts";
import type { Random } from "#schemas/seeded.fixture.ts";
import { act, panelState } from "./killed-totem.ts";
import type { Choice, Session } from "./ledger.ts";

/** A ticket to scan, and the mark its vote will bear. */
export type NewTicket = { readonly code: string; readonly mark: string };

/** A finger comes back to the same key no sooner: the simulated one stays for 90 ms, and 50 ms are its lock-out. */
const SAME_KEY_MS = 150;

/** On a busy machine the simulated finger leaves its key late, and a press of a key that is still down is none: people press again. */
const TRIES_MAX = 5;

/** How often the panel is looked at while something is waited for. */
const LOOK_MS = 20;

export class Citizens {
  readonly #panel: string;
  readonly #random: Random;
  readonly #newTicket: () => NewTicket;
  readonly #pressedAtMs = new Map<Key, number>();

  constructor(panel: string, random: Random, newTicket: () => NewTicket) {
    this.#panel = panel;
    this.#random = random;
    this.#newTicket = newTicket;
  }

  /** Resolves when the totem has its settings: before, it refuses every ticket. */
  async waitUntilOpen(): Promise<void> {
    while ((await panelState(this.#panel)).services.length === 0) await pause(LOOK_MS);
  }

  /** One citizen. @throws when the totem is gone. @param begin is told the session before anything is pressed. */
  async serveOne(begin: (session: Session) => void): Promise<void> {
    const { code, mark } = this.#newTicket();
    const session: Session = { mark, presses: [] };
    begin(session);
    const scanned = await act(this.#panel, "scan", { code });
    if (scanned.state !== "awaiting-face") throw new Error(`a good ticket met "${scanned.state}"`);
    const face = this.#random.pick(FACES);
    await this.#press(session, face, choiceOf(face));
    if (this.#random.chance(0.4)) {
      const other = this.#random.pick(FACES.filter((f) => f !== face));
      await this.#press(session, other, choiceOf(other));
    }
    const last = session.presses.at(-1)?.choice;
    if (last?.face === "red" && this.#random.chance(0.6)) {
      const reason = this.#random.pick(REASON_KEYS);
      await this.#press(session, reason, { face: "red", reason });
    }
  }

  async #press(session: Session, key: Key, choice: Choice): Promise<void> {
    const press = { choice, fate: "unknown" as Session["presses"][number]["fate"] };
    session.presses.push(press);
    let state = "awaiting-face";
    for (let tries = 0; state === "awaiting-face" && tries < TRIES_MAX; tries++) {
      const freeAtMs = (this.#pressedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) + SAME_KEY_MS;
      if (freeAtMs > performance.now()) await pause(freeAtMs - performance.now());
      ({ state } = await act(this.#panel, "press", { key }));
      this.#pressedAtMs.set(key, performance.now());
    }
    if (state !== "thanked") throw new Error(`a press was answered with "${state}"`);
    press.fate = "thanked";
  }
}

function choiceOf(face: Face): Choice {
  return { face, reason: face === "red" ? "none" : null };
}
