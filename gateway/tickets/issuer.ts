/**
 * Issues tickets for offices whose software asks the gateway: signed ones, and short ones where the office prints them. Keeps
 * counts only: no serial is stored or logged.
 */
import { ISSUED_PROFILES } from "#schemas/api.ts";
import type { OfficeSetting } from "#schemas/gateway-settings.ts";
import { localDayOf } from "#schemas/local-day.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { issueShortTicket } from "#schemas/short-ticket.ts";
import { issueSignedTicket } from "#schemas/ticket.ts";
import { MINUTE_MS, minuteOf } from "#schemas/time.ts";
import type { Directory, FoundService } from "../directory.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { DayKeyStore } from "./day-key-store.ts";
import { type KeyParts, makeIssuerKey, signerOf } from "./issuer-keys.ts";
import type { Purpose } from "./keys-in-force.ts";
import { openShortSerials } from "./short-serials.ts";

const SERIAL_BYTES = 8;

export type IssuedProfile = (typeof ISSUED_PROFILES)[number];

export type IssuedTicket = {
  readonly code: string;
  readonly profile: IssuedProfile;
  readonly minute: number;
};

/** What is asked for. */
export type TicketOrder = {
  readonly serviceId: string;
  readonly endedAtMs: number;
  readonly purpose: Purpose;
  /** Left out: the first that the office takes. Test tickets are signed, whatever is asked for. */
  readonly profile?: IssuedProfile | undefined;
};

/** Why nothing was issued. */
export type IssueProblem = "unknown-service" | "not-taken" | "all-used" | "key-destroyed";

export type Issuer = {
  readonly issue: (order: TicketOrder) => Promise<Result<IssuedTicket, IssueProblem>>;
};

/**
 * Opens the issuer; makes a live and a test key for each office that has none here. One for which none can be made issues
 * nothing and says why: totems vote on, and the gateway must not stay down for it.
 */
export async function openIssuer(
  parts: KeyParts & {
    readonly store: Store;
    readonly directory: Directory;
    readonly dayKeys: Pick<DayKeyStore, "ofOffice">;
    readonly log: Pick<Log, "error">;
  },
): Promise<Issuer> {
  const { store, directory, log, dayKeys } = parts;
  const signerFor = oneAtATime(parts);
  for (const { offices } of directory.sites) {
    for (const { officeId } of offices) {
      for (const purpose of ["live", "test"] as const) {
        await signerFor(officeId, purpose).catch((error: Error) =>
          log.error("issuer-key-missing", { office: officeId, purpose, message: error.message }),
        );
      }
    }
  }
  const serials = openShortSerials(parts.randomBytes);
  const printShort = (
    { site, office, service }: FoundService,
    minute: number,
  ): Result<string, IssueProblem> => {
    const key = dayKeys.ofOffice(office.officeId, localDayOf(minute * MINUTE_MS, site.zone));
    if (key === null) return fail("key-destroyed");
    const serial = serials.next(office.number, service.number, minute);
    if (serial === null) return fail("all-used");
    return ok(issueShortTicket({ office: office.number, service: service.number, minute, serial }, key));
  };
  const printSigned = async ({ office, service }: FoundService, minute: number, purpose: Purpose) => {
    // Asked each time: a command beside the gateway may have replaced the key.
    const { record, key } = await signerFor(office.officeId, purpose);
    const serial = parts.randomBytes(SERIAL_BYTES).toString("hex");
    const ticket = { office: office.number, service: service.number, minute, serial };
    return ok(issueSignedTicket({ issuerKey: record.number, ...ticket }, key));
  };
  return {
    issue: async ({ serviceId, endedAtMs, purpose, profile: asked }) => {
      const found = directory.service(serviceId);
      if (found === undefined) return fail("unknown-service");
      const profile = purpose === "test" ? "signed" : profileFor(found.office, asked);
      if (profile === null) return fail("not-taken");
      const minute = minuteOf(endedAtMs);
      const printed =
        profile === "short" ? printShort(found, minute) : await printSigned(found, minute, purpose);
      if (!printed.ok) return printed;
      if (purpose === "live") {
        const { site, office } = found;
        const place = { siteId: site.siteId, officeId: office.officeId, serviceId };
        const wording = directory.rules.find((r) => r.siteId === site.siteId)?.wording ?? 1;
        await store.countIssued(place, wording, endedAtMs, site.zone);
      }
      return ok({ code: printed.value, profile, minute });
    },
  };
}

/** What to issue for an office: what is asked for if it takes that, else the first it takes and we can make. */
function profileFor({ tickets }: OfficeSetting, asked: IssuedProfile | undefined): IssuedProfile | null {
  const taken = ISSUED_PROFILES.filter((one) => (tickets?.profiles ?? ["signed"]).includes(one));
  return taken.find((one) => asked === undefined || one === asked) ?? null;
}

async function ensureSigner(parts: KeyParts, officeId: string, purpose: Purpose) {
  return (await signerOf(parts, officeId, purpose)) ?? makeIssuerKey(parts, officeId, purpose);
}

/** One at a time for an office: two tickets asked for at once must not make two keys. */
function oneAtATime(
  parts: KeyParts,
): (officeId: string, purpose: Purpose) => ReturnType<typeof ensureSigner> {
  const pending = new Map<string, ReturnType<typeof ensureSigner>>();
  return (officeId, purpose) => {
    const name = `${officeId} ${purpose}`;
    const asked = pending.get(name);
    if (asked !== undefined) return asked;
    const signer = ensureSigner(parts, officeId, purpose).finally(() => pending.delete(name));
    pending.set(name, signer);
    return signer;
  };
}
