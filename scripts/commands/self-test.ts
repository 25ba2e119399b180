/**
 * `faccine self-test`: begins the self-test of the totem that runs on this machine, and shows how far it is. What it
 * finds out is the firmware's: this only asks, prints and says whether it passed.
 */
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { controlSocketPath } from "#firmware/control/control-socket.ts";
import { askSentence, itemName, REPORT_WORDS, resultNote } from "#firmware/self-test/report-words.ts";
import { CONTROL_LINE, type ControlLine } from "#schemas/self-test.ts";
import { VOICE_LANGUAGES, type VoiceLanguage } from "#schemas/voice-texts.ts";
import { type Command, readArgs } from "./command.ts";
import { TOTEM_SETTINGS_HELP, totemSettings } from "./totem-settings.ts";

const REFUSED: Readonly<Record<Extract<ControlLine, { kind: "refused" }>["why"], string>> = {
  "not-understood": "the totem did not understand: is it of another version?",
  busy: "somebody else is connected to this totem: try again when they are done",
  voting: "somebody is voting: try again in a moment",
  running: "a self-test is running already: go on with it at the totem",
  "given-up":
    "the self-test ended without a report: it was given up, or none could be written; the totem's log says which",
};

export const SELF_TEST: Command = {
  name: "self-test",
  summary: "test the totem that runs on this machine",
  help: `
faccine self-test [options]

Begins the guided self-test of the running totem, as its service key does: keys, lamps, pictograms, buzzer,
voice, reader and the machine itself. Press what is asked for; the service key skips a test. At the end a
readiness report is written into the folder "reports" of the totem's data folder, as JSON and as pages to print
and sign. Exit code 0: ready; 1: not ready. Run it as the totem's own user or with sudo; for the first totem of
\`npm start\`, with FACCINE_DATA_DIR=.data/totem-1.

  --lang LANGUAGE    it or en (it)
${TOTEM_SETTINGS_HELP}`,
  run: async (args) => {
    const { values } = readArgs(args, { settings: { type: "string" }, lang: { type: "string" } });
    const language = VOICE_LANGUAGES.find((one) => one === (values.lang ?? "it"));
    if (language === undefined) throw new Error(`--lang ${values.lang}: must be it or en`);
    const { dataDir } = totemSettings(values.settings);
    return follow(dataDir, language, (text) => process.stdout.write(`${text}\n`));
  },
};

/** Follows the self-test to its end. @throws with what to do when no totem runs on this data folder. */
export async function follow(
  dataDir: string,
  language: VoiceLanguage,
  print: (line: string) => void,
): Promise<number> {
  const path = controlSocketPath(dataDir);
  const socket = createConnection(path);
  const broken = new Promise<never>((_, reject) =>
    socket.once("error", (error) => reject(problem(error, dataDir))),
  );
  socket.once("connect", () => print(REPORT_WORDS[language].skip));
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  socket.write(`${JSON.stringify({ do: "self-test" })}\n`);
  const reading = (async () => {
    for await (const text of lines) {
      const said = readLine(text);
      if (said.kind === "refused") throw new Error(REFUSED[said.why]);
      print(sentence(said, language));
      if (said.kind === "finished") return said.report.ready ? 0 : 1;
    }
    throw new Error("the totem ended in the middle of the self-test");
  })();
  try {
    return await Promise.race([reading, broken]);
  } finally {
    socket.destroy();
    reading.catch(() => undefined);
  }
}

function readLine(text: string): ControlLine {
  try {
    const parsed = CONTROL_LINE.parse(JSON.parse(text));
    if (parsed.ok) return parsed.value;
  } catch {
    // Said below, as for any other line that is none.
  }
  throw new Error("the totem's answer cannot be read: is it of another version?");
}

function sentence(said: Exclude<ControlLine, { kind: "refused" }>, language: VoiceLanguage): string {
  const words = REPORT_WORDS[language];
  switch (said.kind) {
    case "asks": {
      const { step, item, number, of } = said.asks;
      return `${`${number}/${of}`.padStart(5)}  ${askSentence(step, item, language)}`;
    }
    case "result": {
      const note = resultNote(said.result, language);
      return `       ${itemName(said.result.item, language)}: ${words.results[said.result.result]}${note === "" ? "" : ` (${note})`}`;
    }
    case "finished":
      return [
        said.report.ready ? words.ready : words.notReady,
        ...said.files.map((file) => `  ${file}`),
      ].join("\n");
  }
}

function problem(error: NodeJS.ErrnoException, dataDir: string): Error {
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") {
    return new Error(
      `no totem is running on ${dataDir}: start it, or name its settings with --settings (FACCINE_DATA_DIR)`,
      { cause: error },
    );
  }
  if (error.code === "EACCES") {
    return new Error(`only the totem's own user may ask it: run this as that user, or with sudo`, {
      cause: error,
    });
  }
  return error;
}
