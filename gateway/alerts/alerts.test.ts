import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Health } from "#schemas/messages.ts";
import { DAY_MS, MINUTE_MS } from "#schemas/time.ts";
import { GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { tellAlarms } from "./alerts.ts";
import { openSenders } from "./senders.ts";

const NOW_MS = Date.UTC(2026, 10, 27, 9);
const HEALTH_FILE = join(import.meta.dirname, "../../schemas/fixtures/health/good-all-well.json");
const TOTEM = {
  ...{ totemId: "totem-7", siteId: "municipio", serves: null, publicKey: "00".repeat(32) },
  ...{ passwordSha256: "00".repeat(32), enrolledMs: 0 },
};
const SECRET = "a secret of forty characters, or nearly so";

let folder: string;
let store: Store;
let nowMs: number;
const logged: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-alerts-"));
  store = openSqliteStore(":memory:", NOW_MS);
  nowMs = NOW_MS;
  logged.length = 0;
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), `${text}\n`);
  return join(folder, name);
};
const portOf = (server: Server | SMTPServer["server"]) => (server.address() as AddressInfo).port;
const note = (event: string, fields?: object) => void logged.push(`${event} ${JSON.stringify(fields)}`);
async function look(alerts: Partial<GatewaySettings["alerts"]>): Promise<void> {
  const settings = { ...GOLDEN_SETTINGS, dataDir: folder, alerts: { ...GOLDEN_SETTINGS.alerts, ...alerts } };
  const log = { info: note, warn: note, error: note };
  const parts = { settings, store, directory: GOLDEN_DIRECTORY, log, nowMs: () => nowMs };
  await tellAlarms(parts, openSenders(settings.alerts));
}
const deliveries = async () =>
  (await store.deliveries(10)).map(({ channel, tries, doneMs, nextMs, error }) => ({
    channel,
    tries,
    doneMs,
    nextMs,
    error,
  }));

describe("a webhook", () => {
  let server: Server;
  let answer: number;
  const taken: { readonly body: string; readonly signature: string }[] = [];
  let alerts: Partial<GatewaySettings["alerts"]>;
  beforeEach(async () => {
    taken.length = 0;
    answer = 200;
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      if (answer === 302) response.setHeader("location", "/elsewhere");
      else
        taken.push({
          body: Buffer.concat(parts).toString(),
          signature: String(request.headers["x-faccine-signature"]),
        });
      response.writeHead(answer).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const url = `http://127.0.0.1:${portOf(server)}/hook`;
    alerts = { webhook: { url, secretFile: file("secret", SECRET) } };
  });
  afterEach(() => server.close());

  it("is told once of each alarm that stands, in words it can check; and of one that comes back", async () => {
    await store.raiseAlarm("backup-failed", "", "no room", nowMs);
    await look(alerts);
    await look(alerts);
    expect(taken).toHaveLength(1);
    const { body, signature } = taken[0] ?? { body: "", signature: "" };
    expect(JSON.parse(body)).toMatchObject({ kind: "alarm", code: "backup-failed", detail: "no room" });
    expect(signature).toBe(`sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`);
    await store.clearAlarm("backup-failed", "", nowMs);
    nowMs += MINUTE_MS;
    await store.raiseAlarm("backup-failed", "", "no room again", nowMs);
    await look(alerts);
    expect(taken).toHaveLength(2);
  });

  it("that fails is asked again later, until it takes the message; nothing is lost in between", async () => {
    await store.raiseAlarm("forked", "totem-1", "x", nowMs);
    answer = 503;
    await look(alerts);
    await look(alerts);
    expect(await deliveries()).toMatchObject([
      {
        channel: "webhook",
        tries: 1,
        doneMs: null,
        nextMs: NOW_MS + MINUTE_MS,
        error: "the webhook answered 503",
      },
    ]);
    answer = 200;
    nowMs += MINUTE_MS;
    await look(alerts);
    expect(await deliveries()).toMatchObject([{ tries: 2, doneMs: nowMs, nextMs: null, error: null }]);
    expect(logged.join("\n")).toContain("alert-not-sent");
    expect(logged.join("\n")).not.toContain(SECRET);
  });

  it("is not followed to somebody else", async () => {
    await store.raiseAlarm("forked", "totem-1", "x", nowMs);
    answer = 302;
    await look(alerts);
    expect(taken).toEqual([]);
    expect(await deliveries()).toMatchObject([{ doneMs: null }]);
  });

  it("hears of nothing in quiet hours, and of everything after them", async () => {
    await store.raiseAlarm("forked", "totem-1", "x", nowMs);
    await look({ ...alerts, quiet: { from: "09:00", to: "11:00" } });
    expect(taken).toEqual([]);
    nowMs += 60 * MINUTE_MS;
    await look({ ...alerts, quiet: { from: "09:00", to: "11:00" } });
    expect(taken).toHaveLength(1);
  });

  it("is told of a totem's bad health, not reminded once somebody looks after it, and told anew of what comes back", async () => {
    const health = JSON.parse(readFileSync(HEALTH_FILE, "utf8")) as Health;
    const report = (scanner: Health["scanner"]) =>
      store.noteHealth(TOTEM.totemId, { ...health, keys: [], scanner, timeMs: nowMs }, nowMs);
    await store.registerTotem(TOTEM);
    await store.noteStatus(TOTEM.totemId, true, 1, nowMs);
    await report("unplugged");
    await look(alerts);
    expect(taken.map(({ body }) => JSON.parse(body))).toMatchObject([
      { code: "scanner-unplugged", subject: TOTEM.totemId, reminder: 0 },
    ]);
    nowMs += DAY_MS;
    await report("unplugged");
    await look(alerts);
    expect(taken.map(({ body }) => JSON.parse(body))).toMatchObject([{ reminder: 0 }, { reminder: 1 }]);
    const deed = { atMs: nowMs, kind: "alarm-acknowledged", byId: "", byName: "rossi", what: "" } as const;
    const seen = { by: "rossi", note: "a new one is ordered", atMs: nowMs };
    expect(await store.acknowledgeAlarm("scanner-unplugged", TOTEM.totemId, seen, deed)).toBe(true);
    nowMs += DAY_MS;
    await report("ready");
    await look(alerts);
    expect(taken).toHaveLength(2);
    expect(await store.alarms()).toEqual([]);
    await report("unplugged");
    await look(alerts);
    expect(taken).toHaveLength(3);
  });

  it("is told of twenty alarms at a look, and of the rest at the next", async () => {
    for (let totem = 0; totem < 30; totem++) await store.raiseAlarm("forked", `totem-${totem}`, "x", nowMs);
    await look(alerts);
    expect(taken).toHaveLength(20);
    await look(alerts);
    expect(taken).toHaveLength(30);
  });
});

describe("a mail", () => {
  let server: SMTPServer;
  const mails: { readonly text: string; readonly to: readonly string[] }[] = [];
  beforeEach(async () => {
    mails.length = 0;
    server = new SMTPServer({
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === "faccine" && password === "p@ss"
          ? done(null, { user: "faccine" })
          : done(new Error("wrong")),
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          mails.push({
            text: Buffer.concat(parts).toString(),
            to: session.envelope.rcptTo.map(({ address }) => address),
          });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
  });
  afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

  const mail = (password: string) => ({
    mail: {
      urlFile: file(
        "smtp",
        `smtp://faccine:${encodeURIComponent(password)}@127.0.0.1:${portOf(server.server)}`,
      ),
      ...{ from: "faccine@comune.example", to: ["urp@comune.example", "ced@comune.example"] },
    },
  });

  it("tells everybody on the list, in Italian and English, with accents as they are", async () => {
    await store.raiseAlarm("month-unpublished", "", "il mese è in ritardo", nowMs);
    await look(mail("p@ss"));
    expect(mails[0]?.to).toEqual(["urp@comune.example", "ced@comune.example"]);
    const read = await simpleParser(mails[0]?.text ?? "");
    expect(read.subject).toBe("Faccine: month-unpublished");
    expect(read.text).toContain("il mese è in ritardo");
    expect(read.text).toContain("gateway/guides/alarms.md says what to do.");
  });

  it("with a wrong password stays to be sent, and its log tells no password", async () => {
    await store.raiseAlarm("forked", "totem-1", "x", nowMs);
    await look(mail("w-r-o-n-g"));
    expect(await deliveries()).toMatchObject([{ channel: "mail", tries: 1, doneMs: null }]);
    expect(JSON.stringify([await store.deliveries(10), logged])).not.toContain("w-r-o-n-g");
  });
});

describe("alerts", () => {
  it("raise an alarm for a totem that is silent in opening hours, and clear it when it speaks", async () => {
    const siteId = GOLDEN_SETTINGS.sites[0]?.siteId ?? "";
    await store.registerTotem({
      ...{
        totemId: "totem-1",
        siteId,
        serves: null,
        publicKey: "00".repeat(32),
        passwordSha256: "00".repeat(32),
        enrolledMs: 0,
      },
    });
    await store.noteStatus("totem-1", true, 1, nowMs - 60 * MINUTE_MS);
    await store.noteStatus("totem-1", false, 1, nowMs - 50 * MINUTE_MS);
    await look({});
    expect(await store.alarms()).toMatchObject([{ code: "totem-silent", subject: "totem-1" }]);
    await store.noteStatus("totem-1", true, 2, nowMs);
    await look({});
    expect(await store.alarms()).toEqual([]);
  });

  it("do not start when a secret's file is missing, or holds no address of a mail server", () => {
    const webhook = { url: "https://ops.example/", secretFile: join(folder, "none") };
    const alerts = { ...GOLDEN_SETTINGS.alerts, webhook };
    expect(() => openSenders(alerts)).toThrow("none");
    const mail = { urlFile: file("smtp", "mail.example"), from: "a@b", to: ["c@d"] };
    expect(() => openSenders({ ...GOLDEN_SETTINGS.alerts, mail })).toThrow("alerts.mail.urlFile");
  });
});
