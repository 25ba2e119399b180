/**
 * What the HTTP server and its routes work with.
 */
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { LocalDay } from "#schemas/local-day.ts";
import type { SigningKey } from "#schemas/signature.ts";
import type { Passwords } from "../access/passwords.ts";
import type { Directory } from "../directory.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Store } from "../store/store.ts";
import type { Issuer } from "../tickets/issuer.ts";
import type { Sessions } from "./sessions.ts";

export type ServerParts = {
  readonly settings: GatewaySettings;
  readonly store: Store;
  readonly directory: Directory;
  readonly issuer: Issuer;
  readonly metrics: Metrics;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly log: Log;
  readonly randomBytes: (size: number) => Buffer;
  readonly nowMs: () => number;
  /** A site's key of a day; null once it is destroyed. */
  readonly siteKeyOn: (siteId: string, day: LocalDay) => Buffer | null;
  readonly isBrokerReady: () => boolean;
  /** The gateway's own, which signs what leaves it. */
  readonly key: SigningKey;
  /** False while votes that arrive cannot be stored. */
  readonly isStoring: () => boolean;
};
