import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { voiceText } from "#schemas/voice-texts.ts";
import { CURRENT_WORDING } from "#schemas/wording.ts";
import { describeWithTool } from "#scripts/outside-tools.ts";
import type { DeviceFault, Voice } from "../../ports.ts";
import type { Phrase } from "../../session/events.ts";
import { voicePhraseOf } from "../../session/voice-phrase.ts";
import { ANNOUNCEMENT_MAX, alsaVoice, openVoice } from "./alsa-voice.ts";
import { allRecordings, recordingOf } from "./recordings.ts";

const PATIENTLY = { timeout: 10_000, interval: 10 } as const;

let folder: string;
let voice: Voice | null;
let told: DeviceFault[];
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-voice-"));
  voice = null;
  told = [];
  lines = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await voice?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every recording there is, each holding its own text, so that a player can write down what it was handed. */
function record(): void {
  for (const { file, text } of allRecordings()) writeFileSync(join(folder, file), `${text}\n`);
}

/** A player of our own: writes down its arguments and what it was handed, then does what `body` says; silence as `silence` says. */
function player(body: string, silence = "exit 0"): string {
  const path = join(folder, "aplay");
  writeFileSync(
    path,
    `#!/bin/sh\ncase "$*" in *raw*) ${silence};; esac\necho "args $*" >> ${folder}/log\nread -r text; echo "begin $text" >> ${folder}/log\n${body}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

function open(aplay: string, over: Partial<Parameters<typeof alsaVoice>[0]> = {}): Voice {
  voice = alsaVoice({
    folders: [folder],
    alsaDevice: "null",
    wording: () => CURRENT_WORDING,
    log: { warn: (event, fields) => lines.push(JSON.stringify({ event, ...fields })) },
    aplay,
    ...over,
  });
  voice.onFault((fault) => told.push(fault));
  return voice;
}

function played(): readonly string[] {
  try {
    const log = readFileSync(join(folder, "log"), "utf8").trim().split("\n");
    return log.filter((line) => line.startsWith("begin ")).map((line) => line.slice("begin ".length));
  } catch {
    return [];
  }
}

const said = (phrase: Phrase, language: "it" | "en" = "it") =>
  voiceText(voicePhraseOf(phrase), language, CURRENT_WORDING);

const FAILED = { code: "voice-failed", state: "failed", part: null };
const RECOVERED = { code: "voice-failed", state: "recovered", part: null };

describe("an announcement", () => {
  it("is played phrase after phrase, in order and in its languages, on the settings' device", async () => {
    record();
    const speaking = open(player("exit 0"));
    speaking.say({ say: "other-language" }, "en");
    speaking.say({ say: "layout" }, "it");
    speaking.say({ say: "choose" }, "it");
    const expected = [
      said({ say: "other-language" }, "en"),
      said({ say: "layout" }),
      said({ say: "choose" }),
    ];
    await expect.poll(played, PATIENTLY).toEqual(expected);
    expect(readFileSync(join(folder, "log"), "utf8")).toContain("args -q -D null\n");
    expect(told).toEqual([]);
  });

  it("cuts the one being said, and what was left of that is never said", async () => {
    record();
    const speaking = open(player("exec sleep 30"));
    speaking.say({ say: "layout" }, "it");
    speaking.say({ say: "show-receipt" }, "it");
    await expect.poll(played, PATIENTLY).toEqual([said({ say: "layout" })]);
    speaking.say({ say: "choose" }, "en");
    await expect.poll(played, PATIENTLY).toEqual([said({ say: "layout" }), said({ say: "choose" }, "en")]);
    await speaking.close();
    expect(played()).toHaveLength(2);
    // Who was cut off has not failed.
    expect(told).toEqual([]);
  });

  it("cuts a player that does not listen either", async () => {
    record();
    const speaking = open(player("trap '' TERM; while :; do sleep 0.1; done"));
    speaking.say({ say: "layout" }, "it");
    await expect.poll(played, PATIENTLY).toHaveLength(1);
    speaking.say({ say: "choose" }, "it");
    await expect.poll(played, PATIENTLY).toHaveLength(2);
  });

  it("one phrase over the limit is not said", async () => {
    record();
    const speaking = open(player("exit 0"));
    const keys = ["green", "yellow", "red", "wait", "staff"] as const;
    expect(keys).toHaveLength(ANNOUNCEMENT_MAX + 1);
    for (const key of keys) speaking.say({ say: "key", key }, "it");
    await expect.poll(played, PATIENTLY).toHaveLength(ANNOUNCEMENT_MAX);
    await pause(100);
    expect(played()).toEqual(keys.slice(0, ANNOUNCEMENT_MAX).map((key) => said({ say: "key", key })));
  });

  it("tells nobody on the machine, nor the log, which key was named", async () => {
    record();
    const speaking = open(player("exit 3"));
    speaking.say({ say: "key", key: "red" }, "it");
    await expect.poll(() => told, PATIENTLY).toEqual([FAILED]);
    const { file } = recordingOf(said({ say: "key", key: "red" }), "it");
    const args = readFileSync(join(folder, "log"), "utf8").match(/^args .*$/gm);
    expect(args).toEqual(["args -q -D null"]);
    expect(lines).toEqual(['{"event":"voice-failed","why":"player-failed"}']);
    expect(JSON.stringify([told, lines])).not.toContain(file.slice(0, 8));
  });

  it("is not said any more once the voice is closed", async () => {
    record();
    const speaking = open(player("exit 0"));
    speaking.say({ say: "layout" }, "it");
    await speaking.close();
    speaking.say({ say: "layout" }, "it");
    await pause(50);
    expect(played()).toEqual([]);
  });
});

describe("a voice that cannot be heard", () => {
  it("without a player says so at once, before anybody needs it", async () => {
    record();
    open(join(folder, "no-such-program"));
    await expect.poll(() => told, PATIENTLY).toEqual([FAILED]);
    expect(lines).toEqual(['{"event":"voice-failed","why":"no-player"}']);
    const later: DeviceFault[] = [];
    voice?.onFault((fault) => later.push(fault));
    expect(later).toEqual([FAILED]);
  });

  it("whose player the machine cannot even begin fails alone", async () => {
    record();
    // Node throws at once for a name with an end inside, as it does where memory has run out.
    const speaking = open("aplay\0");
    speaking.say({ say: "layout" }, "it");
    speaking.say({ say: "confirm" }, "it");
    await pause(20);
    expect(told).toEqual([FAILED]);
    expect(lines).toEqual(['{"event":"voice-failed","why":"player-failed"}']);
  });

  it("says once that its player fails, and once that it works again", async () => {
    record();
    const broken = join(folder, "broken");
    writeFileSync(broken, "");
    const speaking = open(player(`[ -e ${broken} ] && exit 1; exit 0`));
    for (let times = 1; times <= 3; times += 1) {
      speaking.say({ say: "choose" }, "it");
      await expect.poll(played, PATIENTLY).toHaveLength(times);
      await pause(50);
    }
    expect(told).toEqual([FAILED]);
    rmSync(broken);
    speaking.say({ say: "choose" }, "it");
    await expect.poll(() => told, PATIENTLY).toEqual([FAILED, RECOVERED]);
  });

  it("that could not say a phrase is not well because a silence can be played: only a phrase shows it", async () => {
    record();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const broken = join(folder, "broken");
    writeFileSync(broken, "");
    const speaking = open(
      player(`[ -e ${broken} ] && exit 1; exit 0`, `echo silence >> ${folder}/looks; exit 0`),
    );
    const looks = () => readFileSync(join(folder, "looks"), "utf8").length;
    await vi.waitUntil(() => existsSync(join(folder, "looks")), PATIENTLY);
    speaking.say({ say: "choose" }, "it");
    await vi.waitUntil(() => told.length === 1, PATIENTLY);
    const before = looks();
    await vi.waitUntil(async () => {
      await vi.advanceTimersByTimeAsync(60_000);
      return looks() > before + 20;
    }, PATIENTLY);
    expect(told).toEqual([FAILED]);
    rmSync(broken);
    speaking.say({ say: "choose" }, "it");
    await vi.waitUntil(() => told.length === 2, PATIENTLY);
    expect(told).toEqual([FAILED, RECOVERED]);
  });

  it("says so at the start when its sound card takes nothing, and that it works again though nobody speaks", async () => {
    record();
    const broken = join(folder, "broken");
    writeFileSync(broken, "");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    open(player("exit 0", `[ -e ${broken} ] && exit 1; exit 0`));
    for (let looks = 1; looks <= 3; looks += 1) {
      await vi.waitUntil(() => vi.getTimerCount() === 1 && told.length === 1, PATIENTLY);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect([told, lines]).toEqual([[FAILED], ['{"event":"voice-failed","why":"player-failed"}']]);
    rmSync(broken);
    await vi.waitUntil(async () => {
      await vi.advanceTimersByTimeAsync(60_000);
      return told.length === 2;
    }, PATIENTLY);
    expect(told).toEqual([FAILED, RECOVERED]);
    expect(played()).toEqual([]);
  });

  it("without one of its recordings says so at the start, says the others, and is well when it is rendered", async () => {
    record();
    const { file, text } = recordingOf(said({ say: "thanks" }), "it");
    rmSync(join(folder, file));
    const speaking = open(player("exit 0"));
    expect(told).toEqual([FAILED]);
    speaking.say({ say: "thanks" }, "it");
    speaking.say({ say: "choose" }, "it");
    await expect.poll(played, PATIENTLY).toEqual([said({ say: "choose" })]);
    await pause(50);
    expect(told).toEqual([FAILED]);
    writeFileSync(join(folder, file), `${text}\n`);
    speaking.say({ say: "thanks" }, "it");
    await expect.poll(() => told, PATIENTLY).toEqual([FAILED, RECOVERED]);
  });

  it("switched off in the settings is silent and well", async () => {
    const silent = openVoice({
      on: false,
      folders: [],
      alsaDevice: "null",
      wording: () => CURRENT_WORDING,
      log: { warn: (event) => lines.push(event) },
    });
    silent.onFault((fault) => told.push(fault));
    silent.say({ say: "layout" }, "it");
    await silent.close();
    expect([told, lines]).toEqual([[], []]);
  });
});

describeWithTool("aplay", "a voice played by the real aplay", (aplay) => {
  /** A hundredth of a second of silence, 16 bit mono at 22,050 Hz, as espeak-ng writes it. */
  function silence(): Buffer {
    const samples = 220;
    const wav = Buffer.alloc(44 + samples * 2);
    wav.write("RIFF", 0);
    wav.writeUInt32LE(36 + samples * 2, 4);
    wav.write("WAVEfmt ", 8);
    wav.writeUInt32LE(16, 16);
    wav.writeUInt16LE(1, 20);
    wav.writeUInt16LE(1, 22);
    wav.writeUInt32LE(22_050, 24);
    wav.writeUInt32LE(44_100, 28);
    wav.writeUInt16LE(2, 32);
    wav.writeUInt16LE(16, 34);
    wav.write("data", 36);
    wav.writeUInt32LE(samples * 2, 40);
    return wav;
  }

  it("is heard on ALSA's null device, and fails on one that does not exist", async () => {
    for (const { file } of allRecordings()) writeFileSync(join(folder, file), silence());
    const nowhere = open(aplay, { alsaDevice: "no-such-device" });
    nowhere.say({ say: "choose" }, "it");
    await expect.poll(() => told, PATIENTLY).toEqual([FAILED]);
    await nowhere.close();
    told = [];
    lines = [];
    const speaking = open(aplay, { alsaDevice: "null" });
    speaking.say({ say: "choose" }, "it");
    speaking.say({ say: "thanks" }, "it");
    await pause(1_000);
    await speaking.close();
    expect([told, lines]).toEqual([[], []]);
  });
});
