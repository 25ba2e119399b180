/**
 * What the gateway holds, for whoever must answer for it. Part of the `Store` port.
 */
import type { RetentionId } from "#schemas/retention.ts";

/** What is held of a row of the retention table. */
export type Held = {
  readonly id: RetentionId;
  readonly rows: number;
  /** The day the oldest is from, in UTC; null when there is none. */
  readonly oldestDay: string | null;
};

export type HeldStore = {
  readonly held: () => Promise<readonly Held[]>;
};
