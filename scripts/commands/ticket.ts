/**
 * `faccine ticket`: issues a signed ticket off line with an issuer key's file, and says what a code says. Asks no gateway and
 * counts nothing there.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { ticketPng, ticketSvg } from "#gateway/tickets/ticket-drawing.ts";
import { TICKET_VALID_MINUTES } from "#schemas/limits.ts";
import { readShortTicket } from "#schemas/short-ticket.ts";
import { publicKeyFromHex, readSigningKey } from "#schemas/signature.ts";
import { issueSignedTicket, isTicketGenuine, readSignedTicket } from "#schemas/ticket.ts";
import { MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { sheetHtml, sheetMinutes } from "../ticket-sheet/sheet.ts";
import { type Command, readArgs } from "./command.ts";

const SERIAL_BYTES = 8;
const NUMBER_MAX = 65_535;
/** A sheet of four hours then has two pages. */
const SHEET_EVERY_MINUTES = 10;

export const TICKET: Command = {
  name: "ticket",
  summary: "issue a ticket off line, or say what a code says",
  help: `
faccine ticket issue --key FILE --number N --office N --service N [--ended TIME] [--out FILE.svg|FILE.png]
faccine ticket sheet --key FILE --number N --office N --service N --from HH:MM --to HH:MM --out FILE.html [--every MINUTES] [--title TEXT]
faccine ticket inspect CODE [--public KEY]

issue    prints the code of a ticket for a service that has ended, and draws it as a QR code where --out says. The gateway
         counts only tickets that it issues itself: of these it hears nothing.
sheet    draws tickets to cut out, one for each few minutes of today by this machine's clock, for a desk whose printer is out of order:
         the citizen just served gets the one of the latest time that has passed. Destroy what is left over.
inspect  says what a code says, and whether it was signed with a key. Whether it was used only totems know.

  --key FILE         the private half of an issuer key, from \`faccine issuer make\`
  --number N         its number, as \`faccine issuer list\` shows it
  --office N         the office's number in the gateway's settings
  --service N        the service's number there
  --ended TIME       when the service ended, such as 2026-11-26T09:30Z (now)
  --out FILE         a file that ends in .svg or .png
  --from, --to       the first and last time of a sheet
  --every MINUTES    how far apart they are (10)
  --title TEXT       what stands on each: the service, say
  --public KEY       the public half of a key, 64 hex digits
`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      ...{ key: { type: "string" }, number: { type: "string" }, office: { type: "string" } },
      ...{ service: { type: "string" }, ended: { type: "string" }, out: { type: "string" } },
      ...{ from: { type: "string" }, to: { type: "string" }, every: { type: "string" } },
      ...{ title: { type: "string" }, public: { type: "string" } },
    });
    const [verb, code, ...rest] = positionals;
    if (verb === "inspect" && code !== undefined && rest.length === 0) return inspect(code, values.public);
    if (verb === "issue" && code === undefined) return issue(values);
    if (verb === "sheet" && code === undefined) return sheet(values);
    throw new Error("say: issue or sheet with their options, or inspect CODE");
  },
};

type KeyOptions = {
  readonly [name in "key" | "number" | "office" | "service"]?: string | undefined;
};
type IssueOptions = KeyOptions & { readonly [name in "ended" | "out"]?: string | undefined };
type SheetOptions = KeyOptions & {
  readonly [name in "from" | "to" | "every" | "title" | "out"]?: string | undefined;
};

async function issue(options: IssueOptions): Promise<number> {
  const endedMs = options.ended === undefined ? Date.now() : Date.parse(options.ended);
  if (!(endedMs >= 0)) throw new Error(`--ended ${options.ended}: must be a time such as 2026-11-26T09:30Z`);
  const draw = drawingFor(options.out);
  const code = issuerWith(options)(endedMs);
  await draw(code);
  process.stdout.write(`${code}\n`);
  return 0;
}

/** A fresh ticket for any moment. @throws for an option that is missing or wrong. */
function issuerWith(options: KeyOptions): (endedMs: number) => string {
  if (options.key === undefined) throw new Error("--key: name the file of an issuer key");
  const key = readSigningKey(readFileSync(options.key, "utf8"));
  const about = {
    issuerKey: numberOf("--number", options.number),
    office: numberOf("--office", options.office),
    service: numberOf("--service", options.service),
  };
  return (endedMs) => {
    const serial = randomBytes(SERIAL_BYTES).toString("hex");
    return issueSignedTicket({ ...about, minute: minuteOf(endedMs), serial }, key);
  };
}

function sheet({ from, to, every, title, out, ...options }: SheetOptions): number {
  const codeAt = issuerWith(options);
  if (out === undefined || !out.endsWith(".html")) throw new Error("--out: name a file that ends in .html");
  const minutes = sheetMinutes(from, to, every === undefined ? SHEET_EVERY_MINUTES : Number(every));
  if (!minutes.ok) throw new Error(minutes.problem);
  const now = new Date();
  const tickets = minutes.value.map((minute) => {
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 0, minute);
    const clock = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
    return { code: codeAt(at.getTime()), clock };
  });
  const day = now.toLocaleDateString("sv-SE");
  const about = { title: title ?? `Servizio ${options.service}`, day, validMinutes: TICKET_VALID_MINUTES };
  // Whoever has the sheet has its tickets.
  writeFileSync(out, sheetHtml(tickets, about), { mode: 0o600 });
  print([`${tickets.length} tickets of ${day} are in ${out}`]);
  return 0;
}

function numberOf(option: string, text: string | undefined): number {
  const number = Number(text);
  if (!/^\d+$/.test(text ?? "") || number < 1 || number > NUMBER_MAX)
    throw new Error(`${option} ${text ?? "(not given)"}: must be a whole number from 1 to ${NUMBER_MAX}`);
  return number;
}

function drawingFor(out: string | undefined): (code: string) => Promise<void> {
  if (out === undefined) return async () => undefined;
  if (out.endsWith(".svg")) return async (code) => writeFileSync(out, ticketSvg(code, "signed"));
  if (out.endsWith(".png")) return async (code) => writeFileSync(out, await ticketPng(code, "signed"));
  throw new Error(`--out ${out}: must end in .svg or .png`);
}

function inspect(code: string, publicKey: string | undefined): number {
  const signed = readSignedTicket(code.trim());
  if (signed.ok) {
    const { issuerKey, office, service, minute } = signed.value.ticket;
    const isGenuine = publicKey === undefined ? null : isTicketGenuine(signed.value, keyOf(publicKey));
    print([
      ...["signed ticket", `signed with key ${issuerKey}`, `office ${office}, service ${service}`],
      `the service ended at ${timeOf(minute)}`,
      isGenuine === null ? "not checked: give the key with --public" : isGenuine ? "genuine" : "NOT GENUINE",
    ]);
    return isGenuine === false ? 1 : 0;
  }
  const short = readShortTicket(code.trim());
  if (!short.ok) throw new Error("this is no ticket of the signed or short profile");
  const { office, service, minute } = short.value.ticket;
  print(["short ticket", `office ${office}, service ${service}`, `the service ended at ${timeOf(minute)}`]);
  return 0;
}

function keyOf(hex: string) {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error("--public: must be 64 lower-case hex digits");
  return publicKeyFromHex(hex);
}

function timeOf(minute: number): string {
  return `${new Date(minute * MINUTE_MS).toISOString().slice(0, 16)}Z`;
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
