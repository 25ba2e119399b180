/**
 * Issues tickets of the *signed* profile for offices whose software asks the gateway. Keeps counts only: no serial is
 * stored or logged.
 */
import { issueSignedTicket } from "#schemas/ticket.ts";
import { minuteOf } from "#schemas/time.ts";
import type { Directory } from "../directory.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { type KeyParts, makeIssuerKey, signerOf } from "./issuer-keys.ts";
import type { Purpose } from "./keys-in-force.ts";

const SERIAL_BYTES = 8;

export type IssuedTicket = { readonly code: string; readonly profile: "signed"; readonly minute: number };

export type Issuer = {
  /** A ticket for a service that ended at a moment, or null for an unknown service. */
  readonly issue: (serviceId: string, endedAtMs: number, purpose: Purpose) => Promise<IssuedTicket | null>;
};

/**
 * Opens the issuer; makes a live and a test key for each office that has none here. One for which none can be made issues
 * nothing and says why: totems vote on, and the gateway must not stay down for it.
 */
export async function openIssuer(
  parts: KeyParts & {
    readonly store: Store;
    readonly directory: Directory;
    readonly log: Pick<Log, "error">;
  },
): Promise<Issuer> {
  const { store, directory, log } = parts;
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
  return {
    issue: async (serviceId, endedAtMs, purpose) => {
      const found = directory.service(serviceId);
      if (found === undefined) return null;
      const { site, office, service } = found;
      // Asked each time: a command beside the gateway may have replaced the key.
      const { record, key } = await signerFor(office.officeId, purpose);
      const minute = minuteOf(endedAtMs);
      const serial = parts.randomBytes(SERIAL_BYTES).toString("hex");
      const ticket = {
        issuerKey: record.number,
        office: office.number,
        service: service.number,
        minute,
        serial,
      };
      const code = issueSignedTicket(ticket, key);
      if (purpose === "live") {
        const place = { siteId: site.siteId, officeId: office.officeId, serviceId };
        const wording = directory.rules.find((r) => r.siteId === site.siteId)?.wording ?? 1;
        await store.countIssued(place, wording, endedAtMs, site.zone);
      }
      return { code, profile: "signed", minute };
    },
  };
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
