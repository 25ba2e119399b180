import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeWithTool } from "#scripts/outside-tools.ts";
import { allRecordings, findRecording, RECORDING_NAME, recordingOf } from "./recordings.ts";
import { renderVoice } from "./render.ts";

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-render-"));
  bin = mkdtempSync(join(tmpdir(), "faccine-espeak-"));
});
afterEach(() => {
  for (const each of [folder, bin]) rmSync(each, { recursive: true, force: true });
});

/** An espeak-ng of our own: writes its arguments where the sound should be, after what `body` says. */
function espeak(body = ""): string {
  const path = join(bin, "espeak-ng");
  writeFileSync(path, `#!/bin/sh\n${body}\necho "$*" > "$6"\n`);
  chmodSync(path, 0o755);
  return path;
}

const TWO = [recordingOf("Prema una faccina.", "it"), recordingOf("Press a face.", "en")];

describe("recordings", () => {
  it("have one name for each text, language and way of speaking", () => {
    const all = allRecordings();
    expect(all.length).toBeGreaterThan(70);
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
    for (const { file } of all) expect(file).toMatch(RECORDING_NAME);
    expect(recordingOf("a", "it").file).not.toBe(recordingOf("a", "en").file);
    expect(recordingOf("a", "it").file).not.toBe(recordingOf("a.", "it").file);
    expect(recordingOf("a", "it").file).toBe(recordingOf("a", "it").file);
  });

  it("of the totem's own folder come before installed ones", () => {
    const [first] = TWO as [(typeof TWO)[0]];
    expect(findRecording(first, [folder, bin])).toBeNull();
    writeFileSync(join(bin, first.file), "installed");
    expect(findRecording(first, [folder, bin])).toBe(join(bin, first.file));
    writeFileSync(join(folder, first.file), "own");
    expect(findRecording(first, [folder, bin])).toBe(join(folder, first.file));
  });
});

describe("rendering", () => {
  it("speaks each text once, in its language's voice, and again only what changed", async () => {
    const program = espeak();
    expect(await renderVoice({ folder, espeak: program, recordings: TWO })).toEqual({
      written: 2,
      kept: 0,
      removed: 0,
    });
    expect(readFileSync(join(folder, TWO[0]?.file ?? ""), "utf8")).toMatch(
      /^-v it -s 150 -w \S+ Prema una faccina\.\n$/,
    );
    const changed = [TWO[0] ?? recordingOf("", "it"), recordingOf("Press one face.", "en")];
    writeFileSync(join(folder, "notes.txt"), "somebody else's");
    expect(await renderVoice({ folder, espeak: program, recordings: changed })).toEqual({
      written: 1,
      kept: 1,
      removed: 1,
    });
    expect(readdirSync(folder).sort()).toEqual([...changed.map(({ file }) => file), "notes.txt"].sort());
  });

  it("leaves no half recording when espeak-ng fails, and says its words", async () => {
    const program = espeak('echo half > "$6"; echo "no such voice" >&2; exit 1');
    await expect(renderVoice({ folder, espeak: program, recordings: TWO })).rejects.toThrow("no such voice");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes no empty file for a voice", async () => {
    const program = espeak(': > "$6"; exit 0');
    await expect(renderVoice({ folder, espeak: program, recordings: TWO })).rejects.toThrow("empty file");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("clears away what a power cut left unfinished", async () => {
    writeFileSync(join(folder, `${"0".repeat(32)}.wav.unfinished`), "half");
    expect(await renderVoice({ folder, espeak: espeak(), recordings: TWO })).toMatchObject({ removed: 1 });
  });

  it("without espeak-ng says what to install", async () => {
    const missing = renderVoice({ folder, espeak: join(bin, "none"), recordings: TWO });
    await expect(missing).rejects.toThrow("apt install espeak-ng");
  });
});

describeWithTool("espeak-ng", "rendering with the real espeak-ng", (program) => {
  it("writes sound for Italian and English that differs", async () => {
    await renderVoice({ folder, espeak: program, recordings: TWO });
    for (const { file } of TWO) {
      const wav = readFileSync(join(folder, file));
      expect(wav.subarray(0, 4).toString()).toBe("RIFF");
      expect(wav.subarray(8, 12).toString()).toBe("WAVE");
      // More than half a second of 22,050 samples of 2 bytes.
      expect(statSync(join(folder, file)).size).toBeGreaterThan(22_050);
    }
  });
});
