import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PULSE_MS } from "../../session/rules.ts";
import { Buzzer } from "./buzzer.ts";
import { PATTERN_MAX_MS, SOUND_PATTERNS } from "./sounds.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A contact that writes down when it was switched, from the first switching on. */
const contact = () => {
  const switched: [atMs: number, on: boolean][] = [];
  const startMs = Date.now();
  const turn = (on: boolean) => {
    made.isClosed = on;
    switched.push([Date.now() - startMs, on]);
  };
  const made = { isClosed: false, close: () => turn(true), open: () => turn(false), switched };
  return made;
};

describe("the sounds", () => {
  const lengthMs = (sound: keyof typeof SOUND_PATTERNS) =>
    SOUND_PATTERNS[sound].reduce((sum, { onMs, offMs }) => sum + onMs + offMs, 0);

  it("are told apart by rhythm alone, and end in good time", () => {
    const rhythms = Object.values(SOUND_PATTERNS).map((pattern) => JSON.stringify(pattern));
    expect(new Set(rhythms).size).toBe(5);
    for (const sound of Object.keys(SOUND_PATTERNS) as (keyof typeof SOUND_PATTERNS)[]) {
      expect(lengthMs(sound), sound).toBeLessThanOrEqual(PATTERN_MAX_MS);
      expect(SOUND_PATTERNS[sound].every(({ onMs }) => onMs > 0)).toBe(true);
    }
  });

  it("click shorter than the lamps answer", () => {
    expect(lengthMs("click")).toBeLessThan(PULSE_MS);
  });
});

describe("the buzzer", () => {
  it("begins within the call and keeps to the pattern", () => {
    const line = contact();
    new Buzzer(line).play(SOUND_PATTERNS.thanks);
    expect(line.switched).toEqual([[0, true]]);
    vi.advanceTimersByTime(5_000);
    expect(line.switched).toEqual([
      [0, true],
      [80, false],
      [160, true],
      [240, false],
    ]);
  });

  it("lets a new sound cut the one that runs", () => {
    const line = contact();
    const buzzer = new Buzzer(line);
    buzzer.play(SOUND_PATTERNS.fault);
    vi.advanceTimersByTime(350);
    buzzer.play(SOUND_PATTERNS.click);
    vi.advanceTimersByTime(5_000);
    expect(line.switched).toEqual([
      [0, true],
      [300, false],
      [350, true],
      [370, false],
    ]);
  });

  it("cut within a tone goes on without a gap, for as long as the new one sounds", () => {
    const line = contact();
    const buzzer = new Buzzer(line);
    buzzer.play(SOUND_PATTERNS.refused);
    vi.advanceTimersByTime(100);
    buzzer.play(SOUND_PATTERNS.click);
    vi.advanceTimersByTime(5_000);
    expect(line.switched).toEqual([
      [0, true],
      [120, false],
    ]);
  });

  it("silenced is silent at once and for good", () => {
    const line = contact();
    const buzzer = new Buzzer(line);
    buzzer.play(SOUND_PATTERNS.fault);
    vi.advanceTimersByTime(10);
    buzzer.silence();
    vi.advanceTimersByTime(5_000);
    expect(line.switched).toEqual([
      [0, true],
      [10, false],
    ]);
    buzzer.play([]);
    expect(line.isClosed).toBe(false);
  });
});
