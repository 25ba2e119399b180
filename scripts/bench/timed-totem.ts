/**
 * A whole totem in this process, as `firmware/main.ts` joins it: the real session, judge and journal in its worker, on
 * simulated keys, scanner and indicators. Tells how long after a key's edge each answer came.
 */
import { randomBytes } from "node:crypto";
import { openClock } from "#firmware/clock/machine-clock.ts";
import { identityFiles } from "#firmware/identity.ts";
import { startJournal } from "#firmware/journal/journal-client.ts";
import type { Indicators, Log, SelfTest } from "#firmware/ports.ts";
import { simulatedClock } from "#firmware/simulated/simulated-clock.ts";
import { simulatedIndicators } from "#firmware/simulated/simulated-indicators.ts";
import { simulatedKeys } from "#firmware/simulated/simulated-keys.ts";
import { simulatedScanner } from "#firmware/simulated/simulated-scanner.ts";
import { openDayKeyring } from "#firmware/tickets/day-keyring.ts";
import { openTicketJudge } from "#firmware/tickets/ticket-judge.ts";
import { Totem } from "#firmware/totem.ts";
import { siteSettingsFor } from "#gateway/fleet/totem-settings-message.ts";
import type { Face } from "#schemas/code-list.ts";
import { DAY_KEY_BYTES } from "#schemas/day-keys.ts";
import { randomId } from "#schemas/ids.ts";
import { localDayOf } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { SESSION_DEFAULTS } from "#schemas/session-settings.ts";
import { makeSigningKey, type SigningKey, signingKeyPem } from "#schemas/signature.ts";
import { issueSignedTicket } from "#schemas/ticket.ts";
import { minuteOf } from "#schemas/time.ts";
import { fullTownSettings, SITE_ID } from "./town.ts";
import { totemRecord } from "./town-gateway.ts";

/** Milliseconds after the edge. */
export type Answers = {
  /** The click was played and all lamps had changed. */
  readonly answeredMs: number;
  /** The draft was on the disk and thanks were shown. */
  readonly thankedMs: number;
};

export type TimedTotem = {
  /** Scans a fresh ticket and waits until the totem asks for a face and has nothing left to store. */
  readonly greet: () => Promise<void>;
  readonly press: (face: Face) => Promise<Answers>;
  readonly close: () => Promise<void>;
};

const TOTEM_ID = "totem-1";
/** The first office's key number and the numbers of office and service in the town's settings. */
const TICKET_PLACE = { issuerKey: 1, office: 1, service: 1 } as const;

const NO_SELF_TEST: SelfTest = {
  begin: () => {
    throw new Error("nobody presses the service key of a bench");
  },
};

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openTimedTotem(dataDir: string): Promise<TimedTotem> {
  const issuer = makeSigningKey();
  const settings = settingsWithKey(issuer);
  const { journal } = await startJournal(
    {
      dataDir,
      totemId: TOTEM_ID,
      epoch: randomId(randomBytes),
      keyPem: signingKeyPem(makeSigningKey()),
      nowMs: Date.now(),
    },
    (error) => {
      throw error;
    },
  );
  const clock = openClock(simulatedClock().readings, 0);
  const dayKeys = openDayKeyring({
    file: identityFiles(dataDir).dayKeys,
    siteId: settings.siteId,
    onUnreadable: (where) => {
      throw new Error(`the file of day keys cannot be read at ${where}`);
    },
  });
  const today = localDayOf(Date.now(), settings.zone);
  dayKeys.take({ site: randomBytes(DAY_KEY_BYTES).toString("hex"), offices: [] }, today, today);
  const keys = simulatedKeys({ nowMs: clock.nowMs, random: Math.random, bounces: false });
  const scanner = simulatedScanner();
  const watched = watchIndicators();
  const totem = new Totem({
    clock,
    keys,
    scanner,
    indicators: watched.indicators,
    journal,
    judge: openTicketJudge({ journal, settings: () => settings, dayKeys }),
    log: SILENT,
    // The shortest lock-out there is: presses come faster than people make them, each on the same way.
    session: { ...SESSION_DEFAULTS, lockOutMs: 50, releaseMs: 1, floodPressesPerMinute: 200 },
    settings: () => settings,
    freshId: () => randomId(randomBytes),
    onEntries: () => undefined,
    onSpent: () => undefined,
    hasRoom: () => true,
    selfTest: NO_SELF_TEST,
  });
  await totem.start();
  return {
    greet: async () => {
      const asked = watched.shown("awaiting-face");
      scanner.scan(freshTicket(issuer));
      await asked;
      await totem.settled();
    },
    press: async (face) => {
      const thanked = watched.shown("thanked");
      const startMs = performance.now();
      // The simulated key hands its edge over at once, so the click and the lamps are there when this returns.
      keys.press(face);
      const answeredMs = watched.answeredAtMs(startMs) - startMs;
      const thankedMs = (await thanked) - startMs;
      await totem.settled();
      return { answeredMs, thankedMs };
    },
    close: async () => {
      await totem.close();
      keys.close();
      scanner.close();
      clock.close();
      await journal.close();
    },
  };
}

/** Indicators that note when the click came, when the lamps changed and when a state was first shown. */
function watchIndicators() {
  const inner = simulatedIndicators();
  let clickedAtMs = 0;
  let changedAtMs = 0;
  let waiting: { readonly state: string; readonly resolve: (atMs: number) => void } | null = null;
  const indicators: Indicators = {
    ...inner,
    play: (sound) => {
      inner.play(sound);
      if (sound === "click") clickedAtMs = performance.now();
    },
    show: (view) => {
      inner.show(view);
      changedAtMs = performance.now();
      if (waiting?.state !== view.state) return;
      waiting.resolve(changedAtMs);
      waiting = null;
    },
  };
  return {
    indicators,
    /** When the later of click and lamps came. @throws when one of them did not come since. */
    answeredAtMs: (sinceMs: number) => {
      if (Math.min(clickedAtMs, changedAtMs) < sinceMs) throw new Error("a press was not answered at once");
      return Math.max(clickedAtMs, changedAtMs);
    },
    shown: (state: string) =>
      new Promise<number>((resolve) => {
        waiting = { state, resolve };
      }),
  };
}

function freshTicket(issuer: SigningKey): string {
  const serial = randomBytes(8).toString("hex");
  return issueSignedTicket({ ...TICKET_PLACE, minute: minuteOf(Date.now()), serial }, issuer);
}

function settingsWithKey(issuer: SigningKey): SiteSettings {
  const settings = fullTownSettings();
  const site = settings.sites.find(({ siteId }) => siteId === SITE_ID);
  if (site === undefined) throw new Error(`the town has no site ${SITE_ID}`);
  const key = {
    number: TICKET_PLACE.issuerKey,
    issuerKeyId: "ufficio-1-live",
    officeId: "ufficio-1",
    publicKey: issuer.publicKeyHex,
    purpose: "live",
    createdMs: 0,
    endsMs: null,
  } as const;
  const body = siteSettingsFor(totemRecord(TOTEM_ID, "", ""), site, settings, [key], Date.now());
  return { ...body, version: 1, signature: "" };
}
