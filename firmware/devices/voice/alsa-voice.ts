/**
 * The voice of a real totem: plays recordings through ALSA, one `aplay` at a time. What is said in one turn of the event
 * loop is one announcement; a new one cuts it. It only ever fails alone: then it says so once, and the totem goes on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { KEYS } from "#schemas/code-list.ts";
import {
  allPhrases,
  VOICE_LANGUAGES,
  type VoiceLanguage,
  type VoicePhrase,
  voiceText,
} from "#schemas/voice-texts.ts";
import type { Log, Voice } from "../../ports.ts";
import { voicePhraseOf } from "../../session/voice-phrase.ts";
import { findRecording, recordingOf } from "./recordings.ts";
import { type Judge, openVoiceTrouble, type Played, type Trouble } from "./voice-trouble.ts";

/** Phrases of one announcement: the offer of another language, the layout and the step, and one to spare. */
export const ANNOUNCEMENT_MAX = 4;

/** Longest a recording may play: the layout takes about 50 s. A sound card that hangs plays for ever. */
const PLAY_MAX_MS = 120_000;

/** A tenth of a second of raw silence, for a sound card to take or refuse. */
const SILENCE = "/dev/zero";
const SILENCE_FORMAT = ["-t", "raw", "-f", "S16_LE", "-c", "1", "-r", "8000", "-s", "800"];

/** `aplay` ends at once on SIGTERM; one that is stuck in its driver is killed after this. */
const KILL_AFTER_MS = 500;

export type AlsaVoiceOptions = {
  /** Where recordings are looked for, the first folder first. */
  readonly folders: readonly string[];
  /** As `aplay -L` lists it. */
  readonly alsaDevice: string;
  /** The wording in force. */
  readonly wording: () => number;
  readonly log: Pick<Log, "warn">;
  /** The player, by name or path. */
  readonly aplay?: string;
};

/** The site's voice: silent where the settings say so. */
export function openVoice(options: AlsaVoiceOptions & { readonly on: boolean }): Voice {
  return options.on ? alsaVoice(options) : silentVoice();
}

/** A totem without a loudspeaker. */
export function silentVoice(): Voice {
  return { say: () => undefined, onFault: () => () => undefined, close: async () => undefined };
}

/** @see openVoice. Whether it has a player and all its recordings is looked at now, not when somebody needs them. */
export function alsaVoice(options: AlsaVoiceOptions): Voice {
  const { folders, wording } = options;
  const recordingFor = (phrase: VoicePhrase, language: VoiceLanguage) =>
    findRecording(recordingOf(voiceText(phrase, language, wording()), language), folders);
  const isComplete = () =>
    VOICE_LANGUAGES.every((language) =>
      allPhrases(KEYS).every((phrase) => recordingFor(phrase, language) !== null),
    );
  const faults = openVoiceTrouble(options.log, isComplete, () => look());
  const player = openPlayer(options, faults.judge);
  const look = () => {
    if (isComplete()) player.probe();
    else faults.judge("no-recording", "silence");
  };
  let gathering: string[] | null = null;
  let isClosed = false;

  const begin = () => {
    const announcement = gathering ?? [];
    gathering = null;
    if (!isClosed) player.play(announcement);
  };
  look();

  return {
    say: (phrase, language) => {
      if (isClosed) return;
      const recording = recordingFor(voicePhraseOf(phrase), language);
      if (recording === null) {
        faults.judge("no-recording", "silence");
        return;
      }
      if (gathering === null) {
        gathering = [];
        setImmediate(begin);
      }
      if (gathering.length < ANNOUNCEMENT_MAX) gathering.push(recording);
    },
    onFault: faults.onFault,
    close: async () => {
      isClosed = true;
      faults.close();
      await player.stop();
    },
  };
}

/** Plays one announcement after another, never two at once: a second `aplay` would find the sound card busy. */
function openPlayer({ aplay = "aplay", alsaDevice }: AlsaVoiceOptions, judge: Judge) {
  let waiting: readonly string[] = [];
  let running: { readonly child: ChildProcess; readonly ended: Promise<void> } | null = null;

  const start = (args: readonly string[], input: number, what: Played) => {
    const child = spawnOrNull(aplay, args, input);
    if (child === null) {
      judge("player-failed", what);
      return;
    }
    const ended = judged(child, (trouble) => judge(trouble, what)).then(() => {
      running = null;
      next();
    });
    running = { child, ended };
  };
  const next = () => {
    const [recording, ...later] = waiting;
    if (recording === undefined || running !== null) return;
    waiting = later;
    if (playFile(recording, "phrase")) return;
    judge("no-recording", "silence");
    next();
  };
  /** By way of an open file: a name among the arguments could be read by everybody on the machine while it plays. */
  const playFile = (path: string, what: Played): boolean => {
    const input = openOrNull(path);
    if (input === null) return false;
    start(["-q", "-D", alsaDevice, ...(what === "silence" ? SILENCE_FORMAT : [])], input, what);
    closeSync(input);
    return true;
  };
  const cut = () => {
    if (running !== null) terminate(running.child);
  };
  return {
    play: (recordings: readonly string[]) => {
      waiting = recordings;
      cut();
      next();
    },
    /** Whether anything could be heard is known before somebody needs it. What is being said answers that by itself. */
    probe: () => {
      if (running === null) playFile(SILENCE, "silence");
    },
    stop: async () => {
      waiting = [];
      cut();
      await running?.ended;
    },
  };
}

/** Null where the machine has no room for a process: some of its errors come as events, this one (ENOMEM) is thrown. */
function spawnOrNull(aplay: string, args: readonly string[], input: number): ChildProcess | null {
  try {
    return spawn(aplay, args, { stdio: [input, "ignore", "ignore"] });
  } catch {
    return null;
  }
}

/** Resolves when a player has ended, after saying how; one that was cut off says nothing. */
function judged(child: ChildProcess, judge: (trouble: Trouble | null) => void): Promise<void> {
  return new Promise((resolve) => {
    let hung = false;
    let isOver = false;
    const tooLong = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, PLAY_MAX_MS);
    const over = (trouble: Trouble | null | "cut") => {
      if (isOver) return;
      isOver = true;
      clearTimeout(tooLong);
      if (trouble !== "cut") judge(trouble);
      resolve();
    };
    child.once("error", () => over("no-player"));
    child.once("exit", (code) => {
      if (hung) over("player-hung");
      // aplay catches SIGTERM and ends by itself, so a player that was told to end is not judged by its exit code.
      else if (child.killed) over("cut");
      else over(code === 0 ? null : "player-failed");
    });
  });
}

function terminate(child: ChildProcess): void {
  if (!child.kill("SIGTERM")) return;
  const stubborn = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  child.once("exit", () => clearTimeout(stubborn));
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch {
    return null;
  }
}
