/**
 * Issues tickets of the *signed* profile for offices whose software asks the gateway. Keeps counts only: no serial is
 * stored or logged.
 */
import type { OfficeSetting } from "#schemas/gateway-settings.ts";
import type { SigningKey } from "#schemas/signature.ts";
import { issueSignedTicket } from "#schemas/ticket.ts";
import { minuteOf } from "#schemas/time.ts";
import { ensureKeyFile } from "../access/key-files.ts";
import type { Directory } from "../directory.ts";
import type { IssuerKeyRecord } from "../store/access-store.ts";
import type { Store } from "../store/store.ts";

const SERIAL_BYTES = 8;

export type Purpose = IssuerKeyRecord["purpose"];
export type IssuedTicket = { readonly code: string; readonly profile: "signed"; readonly minute: number };

export type Issuer = {
  readonly keys: readonly IssuerKeyRecord[];
  /** A ticket for a service that ended at a moment, or null for an unknown service. */
  readonly issue: (serviceId: string, endedAtMs: number, purpose: Purpose) => Promise<IssuedTicket | null>;
};

/** Opens the issuer; makes a live and a test key for each office that has none. */
export async function openIssuer(parts: {
  readonly store: Store;
  readonly directory: Directory;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Buffer;
}): Promise<Issuer> {
  const { store, directory, dataDir } = parts;
  const signing = new Map<string, { readonly number: number; readonly key: SigningKey }>();
  for (const { offices } of directory.sites) {
    for (const office of offices) {
      for (const purpose of ["live", "test"] as const) {
        signing.set(
          `${office.officeId}/${purpose}`,
          await ensureIssuerKey(store, dataDir, office, purpose, parts.nowMs()),
        );
      }
    }
  }
  const keys = await store.issuerKeys();
  return {
    keys,
    issue: async (serviceId, endedAtMs, purpose) => {
      const found = directory.service(serviceId);
      const signer = found === undefined ? undefined : signing.get(`${found.office.officeId}/${purpose}`);
      if (found === undefined || signer === undefined) return null;
      const { site, office, service } = found;
      const minute = minuteOf(endedAtMs);
      const serial = parts.randomBytes(SERIAL_BYTES).toString("hex");
      const ticket = {
        issuerKey: signer.number,
        office: office.number,
        service: service.number,
        minute,
        serial,
      };
      const code = issueSignedTicket(ticket, signer.key);
      if (purpose === "live") {
        const place = { siteId: site.siteId, officeId: office.officeId, serviceId };
        const wording = directory.rules.find((r) => r.siteId === site.siteId)?.wording ?? 1;
        await store.countIssued(place, wording, endedAtMs, site.zone);
      }
      return { code, profile: "signed", minute };
    },
  };
}

async function ensureIssuerKey(
  store: Store,
  dataDir: string,
  office: OfficeSetting,
  purpose: Purpose,
  nowMs: number,
): Promise<{ readonly number: number; readonly key: SigningKey }> {
  const { officeId } = office;
  const key = ensureKeyFile(dataDir, `issuer-${purpose}-${officeId}`);
  const known = (await store.issuerKeys()).find((k) => k.publicKey === key.publicKeyHex);
  if (known !== undefined) return { number: known.number, key };
  // The public half's beginning keeps ids apart when a key file was replaced.
  const issuerKeyId = `${officeId.slice(0, 26)}-${purpose}-${key.publicKeyHex.slice(0, 8)}`;
  const record = { issuerKeyId, officeId, publicKey: key.publicKeyHex, purpose, createdMs: nowMs };
  const { number } = await store.addIssuerKey(record);
  return { number, key };
}
