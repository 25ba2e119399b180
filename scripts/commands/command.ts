/**
 * What a command of `faccine` is, and what several of them need: the command line, and the gateway's API.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Does it; the exit code comes back. @throws with words for the terminal. */
  readonly run: (args: readonly string[]) => Promise<number>;
};

/** The options every command that asks the gateway takes. */
export const API_OPTIONS = {
  url: { type: "string" },
  "token-file": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

export const API_HELP = `  --url URL          the gateway (FACCINE_URL; http://127.0.0.1:8080)
  --token-file FILE  a file with the access token (FACCINE_TOKEN_FILE; a demo's own
                     credentials are found by themselves)`;

/** Reads a command line. @throws with what is wrong with it. */
export function readArgs<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

export type Api = { readonly url: string; readonly token: string };

/**
 * Where the gateway is and with which token to ask it.
 * @param demoToken which of a demo's tokens to take when none is named.
 * @throws when there is no token.
 */
export function apiOf(
  values: { readonly url?: string | undefined; readonly "token-file"?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
  demoToken: "reports" | "served",
): Api {
  const url = (values.url ?? env["FACCINE_URL"] ?? "http://127.0.0.1:8080").replace(/\/$/, "");
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new Error(`--url ${url}: must be an address such as http://127.0.0.1:8080`);
  }
  const file = values["token-file"] ?? env["FACCINE_TOKEN_FILE"];
  if (file !== undefined) return { url, token: readFileSync(file, "utf8").trim() };
  const credentials = join(env["FACCINE_DATA_DIR"] || ".data", "credentials.json");
  if (!existsSync(credentials)) {
    throw new Error("no access token: name its file with --token-file (make one with `faccine token make`)");
  }
  const token = (JSON.parse(readFileSync(credentials, "utf8")) as Record<string, string>)[demoToken];
  if (token === undefined) throw new Error(`${credentials} holds no token "${demoToken}"`);
  return { url, token };
}

/** Asks the gateway. @throws with its own words when it refuses, and with what to look at when it does not answer. */
export async function ask(api: Api, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${api.token}` };
  const response = await fetch(`${api.url}/api/v1${path}`, { ...init, headers }).catch(() => {
    throw new Error(`nothing answers at ${api.url}: is the gateway running? Its address is set with --url`);
  });
  if (response.ok) return response;
  const body = (await response.json().catch(() => ({}))) as { message?: string };
  throw new Error(body.message ?? `the gateway answered ${response.status}`);
}
