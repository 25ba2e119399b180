/** The buzzer's notes. */
import { describe, expect, it } from "vitest";
import { PANEL_SOUNDS } from "#schemas/panel.ts";
import { NOTES, openBuzzer, openVoice } from "./sounds.ts";

describe("the notes of each cue", () => {
  it("exist, differ between cues and end within a second", () => {
    const written = PANEL_SOUNDS.map((sound) => JSON.stringify(NOTES[sound]));
    expect(new Set(written).size).toBe(PANEL_SOUNDS.length);
    for (const sound of PANEL_SOUNDS) {
      expect(NOTES[sound].length).toBeGreaterThan(0);
      for (const { atMs, lastsMs, hertz } of NOTES[sound]) {
        expect(atMs + lastsMs).toBeLessThanOrEqual(1_000);
        // Heard by old ears and played by small loudspeakers.
        expect(hertz).toBeGreaterThanOrEqual(150);
        expect(hertz).toBeLessThanOrEqual(2_000);
      }
    }
  });
});

it("Until somebody allows them, buzzer and voice touch nothing of the computer", () => {
  // There is neither an audio context nor a voice here: touching one would throw.
  const buzzer = openBuzzer();
  for (const sound of PANEL_SOUNDS) buzzer.play(sound);
  buzzer.allow(false);
  const voice = openVoice();
  voice.say("Grazie", "it");
  voice.allow(false);
  expect(() => buzzer.allow(true)).toThrow("AudioContext");
});
