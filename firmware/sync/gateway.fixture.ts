/**
 * A gateway's side of the wire, small and scripted: signs what a gateway signs. For tests of the totem's uplink.
 */
import type { Command, Receipt, SiteSettings } from "#schemas/messages.ts";
import {
  makeSigningKey,
  publicKeyFromHex,
  type SignedType,
  type SigningKey,
  signMessage,
} from "#schemas/signature.ts";

export const GATEWAY_KEY = makeSigningKey();
export const GATEWAY_PUBLIC = publicKeyFromHex(GATEWAY_KEY.publicKeyHex);
export const TOTEM_ID = "totem-1";

/** Bytes of a signed message; `as` signs it as another type, `key` with another key. */
export function signed(
  type: SignedType,
  body: object,
  { as = type, key = GATEWAY_KEY }: { readonly as?: SignedType; readonly key?: SigningKey } = {},
): Buffer {
  return Buffer.from(JSON.stringify(signMessage(as, body as never, key)));
}

export function receiptBody(
  epoch: string,
  upTo: number,
  more: Partial<Receipt> = {},
): Omit<Receipt, "signature"> {
  const { signature: _, ...body } = {
    epoch,
    upTo,
    head: null,
    ranges: [],
    rejected: [],
    closedThrough: null,
    checkpoint: null,
    timeMs: 1_790_000_000_000,
    signature: "",
    ...more,
  };
  return body;
}

export function settingsBody(
  version: number,
  more: Partial<SiteSettings> = {},
): Omit<SiteSettings, "signature"> {
  const { signature: _, ...body } = {
    version,
    totemId: TOTEM_ID,
    siteId: "site-1",
    zone: "Europe/Rome",
    sample: true,
    wording: 1,
    languages: ["it" as const],
    hours: [],
    campaign: { firstDay: null, lastDay: null, withoutTicket: false },
    serves: ["office-1"],
    offices: [
      {
        ...{ number: 1, officeId: "office-1", profiles: ["signed" as const], plain: null },
        services: [{ number: 1, serviceId: "anagrafe", receiptCode: null }],
      },
    ],
    ticketKeys: [],
    ticketRules: { validMinutes: 60, skewMinutes: 5 },
    siblings: [],
    signature: "",
    ...more,
  };
  return body;
}

/** What a command says besides whom it is for and its number. */
type Order =
  | { readonly kind: "identify" | "reload" | "collect-log" }
  | { readonly kind: "resend"; readonly epoch: string; readonly from: number }
  | { readonly kind: "update"; readonly version: string };

export function commandBody(number: number, order: Order, totemId = TOTEM_ID): Omit<Command, "signature"> {
  return { totemId, number, ...order } as Omit<Command, "signature">;
}
