/**
 * Issues tickets of the *signed* profile for offices whose software asks the gateway. Keeps counts only: no serial is
 * stored or logged.
 */
import { issueSignedTicket } from "#schemas/ticket.ts";
import { minuteOf } from "#schemas/time.ts";
import type { Directory } from "../directory.ts";
import type { Store } from "../store/store.ts";
import { type KeyParts, makeIssuerKey, signerOf } from "./issuer-keys.ts";
import type { Purpose } from "./keys-in-force.ts";

const SERIAL_BYTES = 8;

export type IssuedTicket = { readonly code: string; readonly profile: "signed"; readonly minute: number };

export type Issuer = {
  /** A ticket for a service that ended at a moment, or null for an unknown service. */
  readonly issue: (serviceId: string, endedAtMs: number, purpose: Purpose) => Promise<IssuedTicket | null>;
};

/** Opens the issuer; makes a live and a test key for each office that has none here. */
export async function openIssuer(
  parts: KeyParts & { readonly store: Store; readonly directory: Directory },
): Promise<Issuer> {
  const { store, directory } = parts;
  for (const { offices } of directory.sites) {
    for (const { officeId } of offices) {
      for (const purpose of ["live", "test"] as const) await ensureSigner(parts, officeId, purpose);
    }
  }
  return {
    issue: async (serviceId, endedAtMs, purpose) => {
      const found = directory.service(serviceId);
      if (found === undefined) return null;
      const { site, office, service } = found;
      // Asked each time: a command beside the gateway may have replaced the key.
      const { record, key } = await ensureSigner(parts, office.officeId, purpose);
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
