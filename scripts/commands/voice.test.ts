import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { allRecordings } from "#firmware/devices/voice/recordings.ts";
import { describeWithTool } from "../outside-tools.ts";
import { VOICE } from "./voice.ts";

/** A sentence takes a tenth of a second, and there are some dozens; a busy machine needs longer. */
const PATIENTLY_MS = 120_000;

it("`faccine voice` wants to be told what to do", async () => {
  await expect(VOICE.run([])).rejects.toThrow("render");
  await expect(VOICE.run(["sing"])).rejects.toThrow("render");
});

describeWithTool("espeak-ng", "`faccine voice render`", () => {
  it(
    "renders every sentence in every language, and nothing twice",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "faccine-voice-"));
      const written: string[] = [];
      const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
      try {
        for (let times = 0; times < 2; times += 1) await VOICE.run(["render", "--out", folder]);
      } finally {
        stdout.mockRestore();
      }
      const all = allRecordings();
      expect(readdirSync(folder).sort()).toEqual(all.map(({ file }) => file).sort());
      expect(written).toEqual([
        `${folder}: ${all.length} rendered, 0 kept, 0 removed\n`,
        `${folder}: 0 rendered, ${all.length} kept, 0 removed\n`,
      ]);
      rmSync(folder, { recursive: true });
    },
    PATIENTLY_MS,
  );
});
