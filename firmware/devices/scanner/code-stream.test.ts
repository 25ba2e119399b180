import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAUSE_MS } from "../framing.ts";
import type { CodeEvent } from "./code-pipeline.ts";
import { openCodeStream } from "./code-stream.ts";
import { SAME_CODE_MS } from "./duplicates.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function stream() {
  const events: CodeEvent[] = [];
  const codes = openCodeStream({ nowMs: () => performance.now(), onCode: (event) => events.push(event) });
  return { events, take: (text: string) => codes.take(Buffer.from(text, "latin1")), codes };
}

describe("a code stream", () => {
  it("ends a code with a pause, and then forgets it and sleeps", () => {
    const { events, take } = stream();
    take("ABC");
    vi.advanceTimersByTime(PAUSE_MS);
    expect(events).toEqual([{ type: "scanned", text: "ABC" }]);
    take("ABC\r");
    expect(events).toHaveLength(1);
    vi.advanceTimersByTime(SAME_CODE_MS);
    expect(vi.getTimerCount()).toBe(0);
    take("ABC\r");
    expect(events).toHaveLength(2);
  });

  it("throws away what it had begun when the scanner goes", () => {
    const { events, take, codes } = stream();
    take("AB");
    codes.cutOff();
    vi.advanceTimersByTime(PAUSE_MS * 10);
    take("C\r");
    expect(events).toEqual([{ type: "scanned", text: "C" }]);
  });

  it("tells nothing more once it is closed, not even the rest of what was being told", () => {
    const events: CodeEvent[] = [];
    const codes = openCodeStream({
      nowMs: () => performance.now(),
      onCode: (event) => {
        events.push(event);
        codes.close();
      },
    });
    codes.take(Buffer.from("A\rB\r"));
    codes.take(Buffer.from("C\r"));
    vi.advanceTimersByTime(SAME_CODE_MS);
    expect(events).toEqual([{ type: "scanned", text: "A" }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
