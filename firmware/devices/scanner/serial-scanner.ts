/**
 * A scanner on a serial port: USB as a virtual COM port, or a module on the board's own pins. Opens the port by a stable
 * name, opens it again whenever it comes back, and hands its bytes to the pipeline of all scanners. What was half read
 * when the plug was pulled is nobody's code. Keeps no text and logs none.
 */
import type { TotemSettings } from "#schemas/totem-settings.ts";
import type { Log, Scanner, ScannerEvent, Unsubscribe } from "../../ports.ts";
import { failuresAfterLoss, PLUG_BACK_OFF, retryMs } from "../back-off.ts";
import { type CodeStream, openCodeStream } from "./code-stream.ts";
import { type Conversation, openConversation } from "./conversation.ts";
import { DE2120 } from "./families/de2120.ts";
import { type Family, GENERIC } from "./families/family.ts";
import { GM65 } from "./families/gm65.ts";
import type { Outcome } from "./families/talk.ts";
import { findPort, PORT_FOLDERS, type PortFolders, type PortProblem } from "./find-port.ts";
import { type MakePort, makeRealPort, type OpenedPort, openPort } from "./open-port.ts";

export type SerialScanner = Scanner & {
  /**
   * Writes the family's settings into the scanner for good; for whoever installs it, never at a start.
   * @returns what became of each step; none for a generic scanner. @throws Error when it is unplugged or still being
   * asked at its opening.
   */
  readonly install: () => Promise<readonly Outcome[]>;
  readonly close: () => Promise<void>;
};

export type SerialScannerParts = {
  readonly settings: Pick<TotemSettings["scanner"], "path" | "family" | "baudRate">;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  readonly makePort?: MakePort;
  readonly folders?: PortFolders;
  /** The wait after so many failures in a row; for whoever pulls a plug hundreds of times and has no minutes to wait. */
  readonly waitMs?: (failures: number) => number;
};

const FAMILIES: Readonly<Record<TotemSettings["scanner"]["family"], Family>> = {
  generic: GENERIC,
  gm65: GM65,
  de2120: DE2120,
};

/**
 * Resolves after the first try, so that `isReady` says how things stand; the scanner need not be there yet and is looked
 * for until `close`. A setting with which it can never open (several devices and none named) is told like a missing one.
 */
export async function openSerialScanner(parts: SerialScannerParts): Promise<SerialScanner> {
  const scanner = new PluggedScanner(parts);
  await scanner.look();
  return {
    isReady: () => scanner.isReady(),
    onEvent: (listener) => scanner.onEvent(listener),
    install: () => scanner.install(),
    close: () => scanner.close(),
  };
}

/** What exists while a port is open. */
type Plugged = { readonly port: OpenedPort; readonly talk: Conversation; readonly sinceMs: number };

class PluggedScanner {
  readonly #parts: SerialScannerParts;
  readonly #family: Family;
  readonly #codes: CodeStream;
  readonly #listeners = new Set<(event: ScannerEvent) => void>();
  #plugged: Plugged | null = null;
  #closed = false;
  #failures = 0;
  /** What was logged last: a scanner that stays away fills no log. */
  #told = "";
  #retry: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: SerialScannerParts) {
    this.#parts = parts;
    this.#family = FAMILIES[parts.settings.family];
    this.#codes = openCodeStream({ nowMs: parts.nowMs, onCode: (event) => this.#emit(event) });
  }

  isReady(): boolean {
    return this.#plugged !== null;
  }

  onEvent(listener: (event: ScannerEvent) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tries once to open the port, and goes on trying by itself. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#open();
    return this.#looking;
  }

  async install(): Promise<readonly Outcome[]> {
    if (this.#plugged === null) throw new Error("The scanner is not plugged in.");
    const said = this.#plugged.talk.say(this.#family.toInstall);
    if (said === null) throw new Error("The scanner is being asked already: try again in a few seconds.");
    return said;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    await this.#looking;
    this.#plugged?.talk.close();
    await this.#plugged?.port.close();
    this.#plugged = null;
    this.#codes.close();
  }

  async #open(): Promise<void> {
    const { settings, folders, makePort, nowMs, log } = this.#parts;
    const found = findPort(settings.path, folders ?? PORT_FOLDERS);
    if ("problem" in found) return this.#failed(found.problem);
    const options = { path: found.path, baudRate: settings.baudRate };
    let port: OpenedPort;
    try {
      port = await openPort(makePort ?? makeRealPort, options, {
        onBytes: (bytes) => this.#plugged?.talk.heard(bytes),
        onLost: (message) => this.#lost(message),
      });
    } catch (problem) {
      return this.#failed(problem as PortProblem);
    }
    if (this.#closed) return port.close();
    const talk = openConversation({
      family: this.#family,
      nowMs,
      write: port.write,
      onCodeBytes: (bytes) => this.#codes.take(bytes),
    });
    this.#plugged = { port, talk, sinceMs: nowMs() };
    this.#told = "";
    log.info("scanner-opened", options);
    this.#emit({ type: "plugged" });
    // Its end may have come before anybody could be told.
    if (port.isOpen()) this.#ask(talk);
    else this.#lost("closed");
  }

  /** What a family is asked at each opening; codes are read meanwhile, and whatever comes of it. */
  #ask(talk: Conversation): void {
    talk.say(this.#family.atStart)?.then(
      (outcomes) => {
        const wrong = outcomes.filter(({ result }) => result === "silent" || result === "refused");
        for (const { name, result } of wrong) this.#parts.log.warn("scanner-setting", { name, result });
      },
      // It was unplugged, which is told already.
      () => undefined,
    );
  }

  #lost(message: string): void {
    const plugged = this.#plugged;
    // The port ended while it was being opened or closed.
    if (plugged === null || this.#closed) return;
    this.#plugged = null;
    plugged.talk.close();
    this.#codes.cutOff();
    this.#parts.log.warn("scanner-lost", { message });
    this.#failures = failuresAfterLoss(this.#failures, this.#parts.nowMs() - plugged.sinceMs);
    this.#emit({ type: "unplugged" });
    this.#lookAgain();
  }

  #failed({ kind, message }: PortProblem): void {
    this.#failures += 1;
    if (message !== this.#told) this.#parts.log.warn("scanner-not-found", { kind, message });
    this.#told = message;
    this.#lookAgain();
  }

  #lookAgain(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    const waitMs = this.#parts.waitMs?.(this.#failures) ?? retryMs(PLUG_BACK_OFF, this.#failures);
    this.#retry = setTimeout(() => void this.look(), waitMs).unref();
  }

  #emit(event: ScannerEvent): void {
    if (this.#closed) return;
    for (const listener of this.#listeners) listener(event);
  }
}
