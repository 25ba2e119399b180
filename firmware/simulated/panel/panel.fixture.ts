/**
 * A whole virtual totem for the panel's tests: simulated devices, a real journal in a folder of its own, the real
 * session and the real panel on a free port. Only the gateway is missing; tickets are signed here.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomId } from "#schemas/ids.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { PanelState } from "#schemas/panel.ts";
import { makeSigningKey, type SigningKey } from "#schemas/signature.ts";
import { issueSignedTicket } from "#schemas/ticket.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { TOTEM_DEFAULTS, type TotemSettings } from "#schemas/totem-settings.ts";
import { openClock } from "../../clock/machine-clock.ts";
import { journalHere } from "../../journal/journal-client.ts";
import { openJournal } from "../../journal/open-journal.ts";
import { openSelfTest } from "../../self-test/open-self-test.ts";
import { openTicketJudge } from "../../tickets/ticket-judge.ts";
import { KEYRING } from "../../tickets/tickets.fixture.ts";
import { Totem } from "../../totem.ts";
import { type SimulatedTotem, simulatedTotem } from "../simulated-totem.ts";
import { openPanel, type Panel } from "./panel.ts";

export type Asked = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

export type TestPanel = {
  readonly panel: Panel;
  readonly port: number;
  readonly simulated: SimulatedTotem;
  readonly dataDir: string;
  /** Every line the totem logged, as JSON. */
  readonly logged: readonly string[];
  /** A fresh good ticket. */
  readonly ticket: () => string;
  readonly ask: (path: string, options?: AskOptions) => Promise<Asked>;
  /** Posts and gives the state it answered with. @throws when it answered anything but 200. */
  readonly act: (action: string, body: object) => Promise<PanelState>;
  readonly state: () => Promise<PanelState>;
  readonly close: () => Promise<void>;
};

export type AskOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** For `expect.poll`: a busy machine is late, not wrong. */
export const PATIENTLY = { timeout: 20_000 } as const;

/** Nothing listens there: the totem is on its own. */
const NOWHERE = "mqtt://127.0.0.1:9";

export function testSettings(dataDir: string, over: Partial<TotemSettings> = {}): TotemSettings {
  return {
    ...TOTEM_DEFAULTS,
    totemId: "totem-1",
    siteId: "municipio",
    dataDir,
    mqtt: { url: NOWHERE, caFile: null },
    gateway: { publicKey: "00".repeat(32) },
    panel: { host: "127.0.0.1", port: 0 },
    ...over,
  };
}

export function testSite(issuer: SigningKey): SiteSettings {
  return {
    version: 1,
    totemId: "totem-1",
    siteId: "municipio",
    zone: "Europe/Rome",
    sample: true,
    wording: 1,
    languages: ["it", "en"],
    hours: [],
    campaign: { firstDay: null, lastDay: null, withoutTicket: false },
    serves: ["demografici"],
    offices: [
      {
        number: 1,
        officeId: "demografici",
        ...{ profiles: ["signed"], plain: null },
        services: [
          { number: 1, serviceId: "anagrafe", receiptCode: null },
          { number: 2, serviceId: "stato-civile", receiptCode: null },
        ],
      },
      {
        ...{ number: 2, officeId: "tributi", profiles: ["signed"], plain: null },
        services: [{ number: 1, serviceId: "tari", receiptCode: null }],
      },
    ],
    ticketKeys: [
      {
        number: 1,
        issuerKeyId: "demografici-live",
        officeId: "demografici",
        publicKey: issuer.publicKeyHex,
        purpose: "live",
      },
    ],
    ticketRules: { validMinutes: 60, skewMinutes: 5 },
    siblings: [],
    signature: "00".repeat(64),
  };
}

/** Starts one; `over` replaces settings, `site` what the gateway decided. */
export async function openTestPanel(
  over: Partial<TotemSettings> = {},
  site: Partial<SiteSettings> | null = {},
): Promise<TestPanel> {
  const dataDir = mkdtempSync(join(tmpdir(), "faccine-panel-"));
  const settings = testSettings(dataDir, over);
  const issuer = makeSigningKey();
  const siteSettings = site === null ? null : { ...testSite(issuer), ...site };
  const logged: string[] = [];
  const simulated = await simulatedTotem({ mqttUrl: NOWHERE, bounces: true });
  const clock = openClock(simulated.clock.readings, 0);
  const { totem, journal, selfTest } = await startTotem({ settings, siteSettings, simulated, clock, logged });
  const stopTotem = async () => {
    await totem.close();
    clock.close();
    await simulated.close();
    await journal.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const panel = await openPanel({
    settings,
    simulated,
    totem,
    journal,
    selfTest,
    uplink: { isConnected: () => false },
    clockTrusted: () => clock.entryTime().clock === "trusted",
    site: () => siteSettings,
  }).catch(async (error: Error) => {
    await stopTotem();
    throw error;
  });
  const port = Number(new URL(panel.url).port);
  const ask = (path: string, options?: AskOptions) => askPanel(port, path, options);
  return {
    panel,
    port,
    simulated,
    dataDir,
    logged,
    ticket: () => freshTicket(issuer),
    ask,
    act: async (action, body) => stateIn(await postTo(ask, action, body)),
    state: async () => stateIn(await ask("/panel/state")),
    close: async () => {
      await panel.close();
      await stopTotem();
    },
  };
}

async function startTotem(parts: {
  readonly settings: TotemSettings;
  readonly siteSettings: SiteSettings | null;
  readonly simulated: SimulatedTotem;
  readonly clock: ReturnType<typeof openClock>;
  readonly logged: string[];
}) {
  const { settings, siteSettings, simulated, clock, logged } = parts;
  const { totemId, dataDir } = settings;
  const opened = openJournal({
    dataDir,
    totemId,
    epoch: randomId(randomBytes),
    key: makeSigningKey(),
    nowMs: Date.now(),
  });
  const journal = journalHere(opened.journal);
  const note = (event: string, fields?: object) => void logged.push(JSON.stringify({ event, ...fields }));
  const log = { info: note, warn: note, error: note };
  const selfTest = openSelfTest({
    ...{ ...simulated, settings, clock, journal, log },
    site: () => siteSettings,
    isConnected: () => false,
    versions: { firmware: "0.1.0", node: process.version, sqlite: "3", schema: 1 },
  });
  const totem = new Totem({
    ...simulated,
    clock,
    journal,
    judge: openTicketJudge({ journal, settings: () => siteSettings, dayKeys: KEYRING }),
    log,
    session: settings.session,
    settings: () => siteSettings,
    freshId: () => randomId(randomBytes),
    onEntries: () => undefined,
    onSpent: () => undefined,
    hasRoom: () => true,
    selfTest,
  });
  await totem.start();
  return { totem, journal, selfTest };
}

function freshTicket(issuer: SigningKey): string {
  const minute = Math.floor(Date.now() / MINUTE_MS);
  const serial = randomBytes(8).toString("hex");
  return issueSignedTicket({ issuerKey: 1, office: 1, service: 1, minute, serial }, issuer);
}

/** A request with any headers at all, as no browser would send it. */
export function askPanel(port: number, path: string, options: AskOptions = {}): Promise<Asked> {
  const { method = "GET", headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
      response.on("error", reject);
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

export function postTo(ask: TestPanel["ask"], action: string, body: unknown): Promise<Asked> {
  return ask(`/panel/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function stateIn({ status, text }: Asked): PanelState {
  if (status !== 200) throw new Error(`the panel answered ${status}: ${text}`);
  return JSON.parse(text) as PanelState;
}
