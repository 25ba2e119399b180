/**
 * `faccine gateway` and `faccine totem`: the two programs, as a service manager starts them.
 */
import { serviceCommand, serviceEnvironment } from "../service-node.ts";
import type { Command } from "./command.ts";

export const GATEWAY: Command = {
  name: "gateway",
  summary: "run the gateway",
  help: `
faccine gateway [SETTINGS.yaml]

Runs the gateway until it is told to end. Every setting can also come from the environment, as
FACCINE_HTTP_PORT for http.port; a wrong value stops the start with its name and what was expected.`,
  run: async (args) => runMain("gateway/main.ts", args),
};

export const TOTEM: Command = {
  name: "totem",
  summary: "run the firmware of a totem",
  help: `
faccine totem [SETTINGS.yaml]

Runs a totem's firmware until it is told to end. Every setting can also come from the environment, as
FACCINE_TOTEM_ID for totemId.`,
  run: async (args) => runMain("firmware/main.ts", args),
};

/** The program takes our place: a totem has no memory to spare for somebody who only waits for it. */
function runMain(main: string, args: readonly string[]): never {
  if (process.execve === undefined) throw new Error("the pinned Node is needed to run a program");
  const command = [process.execPath, ...serviceCommand(main), ...args];
  return process.execve(process.execPath, command, serviceEnvironment(process.env));
}
