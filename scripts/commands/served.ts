/**
 * `faccine served import`: tells the gateway how many people each service served, from a CSV file.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { API_HELP, API_OPTIONS, apiOf, ask, type Command, readArgs } from "./command.ts";

/** The gateway's own limit of a request; a year of a large administration stays below. */
const FILE_BYTES_MAX = 2_097_152;

export const SERVED: Command = {
  name: "served",
  summary: "import how many people were served",
  help: `
faccine served import FILE.csv [options]

Sends served counts to the gateway: columns office, service, day (YYYY-MM-DD), served; commas or semicolons. The same
office, service and day again is a correction. Nothing is stored when any line is wrong; the answer names it.

${API_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, API_OPTIONS);
    const [verb, file, ...rest] = positionals;
    if (verb !== "import" || file === undefined || rest.length > 0)
      throw new Error("say: faccine served import FILE.csv");
    if (!existsSync(file)) throw new Error(`${file}: no such file`);
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX)
      throw new Error(`${file} has ${size} bytes; at most ${FILE_BYTES_MAX} are taken at once`);
    const api = apiOf(values, process.env, "served");
    const response = await ask(api, "/served", {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: readFileSync(file),
    });
    process.stdout.write(`${await response.text()}\n`);
    return 0;
  },
};
