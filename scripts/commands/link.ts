/**
 * `faccine link`: a fresh one-time link to the gateway's page.
 */
import { API_HELP, API_OPTIONS, apiOf, ask, type Command, readArgs } from "./command.ts";

export const LINK: Command = {
  name: "link",
  summary: "print a link that opens the gateway's page once",
  help: `
faccine link [options]

Prints a link to the gateway's page. It is good once, within an hour, and shows what its token may see (scope fleet).

${API_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, API_OPTIONS);
    if (positionals.length > 0) throw new Error(`${positionals[0]}: not known; see --help`);
    const api = apiOf(values, process.env, "reports");
    const { path } = (await (await ask(api, "/links", { method: "POST" })).json()) as { path: string };
    process.stdout.write(`${api.url}${path}\n`);
    return 0;
  },
};
