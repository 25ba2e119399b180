import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { PAUSE_MS } from "../devices/framing.ts";
import { SAME_CODE_MS } from "../devices/scanner/duplicates.ts";
import { SCANNER_CONTRACT } from "../devices/scanner/scanner-contract.fixture.ts";
import type { ScannerEvent } from "../ports.ts";
import { simulatedScanner } from "./simulated-scanner.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function listening() {
  const scanner = simulatedScanner();
  const events: ScannerEvent[] = [];
  const stop = scanner.onEvent((event) => events.push(event));
  return { scanner, events, stop };
}

const TICKET = `F1${"0123456789ABCDEFGHJKMNPQRSTVWXYZ".repeat(4)}ABC`;

describe("a simulated scanner", () => {
  it("tells a code in one piece though it sends it in several", () => {
    const { scanner, events } = listening();
    expect(scanner.scan(TICKET)).toBe(true);
    expect(events).toEqual([{ type: "scanned", text: TICKET }]);
  });

  it("that sends no terminator is understood after a pause", () => {
    const { scanner, events } = listening();
    scanner.scan(TICKET, { terminated: false });
    vi.advanceTimersByTime(PAUSE_MS - 1);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(events).toEqual([{ type: "scanned", text: TICKET }]);
  });

  it("glues two codes together, too long to be a ticket, and keeps neither", () => {
    const { scanner, events } = listening();
    scanner.scanGlued(TICKET, TICKET);
    expect(events).toEqual([{ type: "overlong", length: 2 * TICKET.length }]);
    scanner.scanGlued("RSSMRA85T10A562S", "8001120007543");
    expect(events.at(-1)).toEqual({ type: "scanned", text: "RSSMRA85T10A562S8001120007543" });
  });

  it("tells one byte over the longest code as overlong", () => {
    const { scanner, events } = listening();
    scanner.scan("A".repeat(TICKET_CODE_MAX));
    scanner.scan("A".repeat(TICKET_CODE_MAX + 1));
    expect(events.map((event) => event.type)).toEqual(["scanned", "overlong"]);
  });

  it("unplugged in the middle of a code tells no code, not even after the pause or when plugged in again", () => {
    const { scanner, events } = listening();
    scanner.plug(false, TICKET);
    vi.advanceTimersByTime(PAUSE_MS * 2);
    expect(scanner.isReady()).toBe(false);
    expect(scanner.scan(TICKET)).toBe(false);
    expect(scanner.scanGlued(TICKET, TICKET)).toBe(false);
    scanner.plug(true);
    scanner.plug(true);
    scanner.scan("ABC");
    expect(events).toEqual([{ type: "unplugged" }, { type: "plugged" }, { type: "scanned", text: "ABC" }]);
  });

  it("tells a code left lying once, and the same code presented again each time", () => {
    const { scanner, events } = listening();
    for (let index = 0; index < 10; index += 1) {
      scanner.leave("ABC");
      vi.advanceTimersByTime(SAME_CODE_MS - 1);
    }
    expect(events).toHaveLength(1);
    vi.advanceTimersByTime(1);
    scanner.leave("ABC");
    expect(events).toHaveLength(2);
    scanner.scan("ABC");
    scanner.scan("ABC");
    expect(events).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tells nothing to whoever stopped listening, and nothing at all once closed", () => {
    const { scanner, events, stop } = listening();
    stop();
    scanner.scan("ABC");
    scanner.scan("DEF", { terminated: false });
    scanner.close();
    vi.advanceTimersByTime(1_000);
    expect(events).toEqual([]);
  });
});

describe("a simulated scanner keeps the contract of all scanners: it", () => {
  beforeEach(() => vi.useRealTimers());

  for (const { name, run } of SCANNER_CONTRACT) {
    it(name, async () => {
      const scanner = simulatedScanner();
      await run({
        scanner,
        read: (text) => void scanner.scan(text),
        readAgain: (text) => void scanner.leave(text),
        unplugInside: (text) => scanner.plug(false, text),
        plug: () => scanner.plug(true),
      });
      scanner.close();
    });
  }
});
