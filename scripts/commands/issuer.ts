/**
 * `faccine issuer`: lists, replaces, adds and revokes the keys that sign tickets, on the gateway's own machine.
 */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import type { Directory } from "#gateway/directory.ts";
import type { IssuerKeyRecord } from "#gateway/store/access-store.ts";
import { addIssuerKey, type KeyParts, rotateIssuerKey } from "#gateway/tickets/issuer-keys.ts";
import { isInForce, type Purpose } from "#gateway/tickets/keys-in-force.ts";
import { makeSigningKey, publicKeyFromHex, signingKeyPem } from "#schemas/signature.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withGateway } from "./gateway-store.ts";

export const ISSUER: Command = {
  name: "issuer",
  summary: "list, replace, add or revoke the keys that sign tickets",
  help: `
faccine issuer list [options]
faccine issuer rotate OFFICE [--test] [options]
faccine issuer make OFFICE --out FILE [--test] [options]
faccine issuer add OFFICE PUBLICKEY [--test] [options]
faccine issuer revoke ID [options]

rotate  makes a new key for the tickets the gateway issues. Totems hear of it a day before it signs; the one before is taken
        until its last ticket has run out. Was a key stolen? rotate, then revoke the one before: the new one signs at once.
make    makes a key for receipt software that prints off line: into FILE, which the gateway does not keep.
add     lets totems take tickets signed by such software with a key of its own: the public half, 64 hex digits.
revoke  ends a key now: tickets signed with it are refused as soon as a totem hears of it.

The running gateway tells its totems within a minute. Keys a totem has not been told of are refused as unknown.

  --test             the key for test tickets, which count nowhere
  --out FILE         where the private half goes; a file that is there is not overwritten
${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      settings: { type: "string" },
      out: { type: "string" },
      test: { type: "boolean" },
    });
    const [verb, subject = "", publicKey = ""] = positionals;
    const purpose: Purpose = values.test === true ? "test" : "live";
    return withGateway(values.settings, async ({ store, directory, settings }) => {
      const parts: KeyParts = { store, dataDir: settings.dataDir, nowMs: Date.now, randomBytes };
      if (verb === "list") return print((await store.issuerKeys()).map(line));
      if (verb === "revoke" && subject !== "") return revoke(parts, subject);
      const office = officeOf(directory, verb, subject);
      const { validMinutes, skewMinutes } = settings.tickets;
      if (verb === "rotate") return rotate(parts, office, purpose, validMinutes + 2 * skewMinutes + 1);
      if (verb === "make" && values.out !== undefined) return make(parts, office, purpose, values.out);
      if (verb === "add") return add(parts, office, purpose, publicKey);
      throw new Error("say: list, rotate OFFICE, make OFFICE --out FILE, add OFFICE PUBLICKEY, or revoke ID");
    });
  },
};

function officeOf(directory: Directory, verb: string | undefined, officeId: string): string {
  if (!["rotate", "make", "add"].includes(verb ?? "") || directory.office(officeId) !== undefined)
    return officeId;
  const known = directory.sites.flatMap(({ offices }) => offices.map((office) => office.officeId));
  throw new Error(`no office is named ${officeId || "(none given)"}; there are ${known.join(", ")}`);
}

async function rotate(
  parts: KeyParts,
  officeId: string,
  purpose: Purpose,
  validMinutes: number,
): Promise<number> {
  const { made, before, fromMs } = await rotateIssuerKey(parts, officeId, purpose, validMinutes);
  return print([
    `${made.issuerKeyId} signs the tickets of ${officeId} from ${time(fromMs)} on`,
    ...(before === null ? [] : [`${before.issuerKeyId} is taken until its last ticket has run out`]),
  ]);
}

async function make(parts: KeyParts, officeId: string, purpose: Purpose, file: string): Promise<number> {
  if (existsSync(file)) throw new Error(`${file} is there already: keys are never written over`);
  const key = makeSigningKey();
  // First the private half: totems must not take a key that nobody has.
  writeFileSync(file, signingKeyPem(key), { flag: "wx", mode: 0o600, flush: true });
  const { issuerKeyId, number } = await addIssuerKey(parts, officeId, purpose, key.publicKeyHex).catch(
    (error: Error) => {
      rmSync(file);
      throw error;
    },
  );
  return print([`${issuerKeyId} (number ${number} in its tickets) is in ${file}, and nowhere else`]);
}

async function add(parts: KeyParts, officeId: string, purpose: Purpose, publicKey: string): Promise<number> {
  if (!/^[0-9a-f]{64}$/.test(publicKey)) throw new Error("the public key must be 64 lower-case hex digits");
  publicKeyFromHex(publicKey);
  const { issuerKeyId, number } = await addIssuerKey(parts, officeId, purpose, publicKey);
  return print([`${issuerKeyId}: totems take tickets that name key ${number} and are signed with it`]);
}

async function revoke({ store, nowMs }: KeyParts, issuerKeyId: string): Promise<number> {
  const ended = await store.endIssuerKey(issuerKeyId, nowMs());
  if (!ended) throw new Error(`no key in force is named ${issuerKeyId}; \`faccine issuer list\` shows them`);
  return print([`${issuerKeyId} is revoked`]);
}

function line({ number, issuerKeyId, officeId, purpose, createdMs, endsMs }: IssuerKeyRecord): string {
  const end =
    endsMs === null ? "in force" : `${isInForce({ endsMs }, Date.now()) ? "until" : "ended"} ${time(endsMs)}`;
  return `${String(number).padStart(5)}  ${issuerKeyId}  ${officeId}  ${purpose}  since ${time(createdMs)}  ${end}`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}

function print(lines: readonly string[]): number {
  for (const text of lines) process.stdout.write(`${text}\n`);
  return 0;
}
