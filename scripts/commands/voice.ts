/**
 * `faccine voice`: renders what a totem's voice says into sound files, ahead of time.
 */
import { join } from "node:path";
import { renderVoice } from "#firmware/devices/voice/render.ts";
import { type Command, readArgs } from "./command.ts";
import { TOTEM_SETTINGS_HELP, totemSettings } from "./totem-settings.ts";

export const VOICE: Command = {
  name: "voice",
  summary: "render what a totem's voice says",
  help: `
faccine voice render [--out DIR] [options]

Renders every sentence of the voice, in each of its languages, with espeak-ng (apt install espeak-ng).
What is there already stays; what changed is rendered again, what nobody says any more is removed.

  --out DIR          where to (the folder "voice" in the totem's data folder)
${TOTEM_SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      settings: { type: "string" },
      out: { type: "string" },
    });
    if (positionals.length !== 1 || positionals[0] !== "render") throw new Error("say: render");
    const folder = values.out ?? join(totemSettings(values.settings).dataDir, "voice");
    const { written, kept, removed } = await renderVoice({ folder });
    process.stdout.write(`${folder}: ${written} rendered, ${kept} kept, ${removed} removed\n`);
    return 0;
  },
};
