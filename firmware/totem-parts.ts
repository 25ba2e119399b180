/**
 * What a totem is made of: ports, settings and the few questions only main can answer.
 */
import type { SiteSettings } from "#schemas/messages.ts";
import type { SessionSettings } from "#schemas/session-settings.ts";
import type { Clock, Indicators, Journal, Keys, Log, Scanner, SelfTest, TicketJudge } from "./ports.ts";

export type TotemParts = {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly scanner: Scanner;
  readonly indicators: Indicators;
  readonly journal: Journal;
  readonly judge: TicketJudge;
  readonly log: Log;
  readonly session: SessionSettings;
  /** The gateway's settings in force; asked anew each time. */
  readonly settings: () => SiteSettings | null;
  readonly freshId: () => string;
  /** Called when the journal holds more than before. */
  readonly onEntries: () => void;
  /** Called when a ticket is taken, its vote on the disk. */
  readonly onSpent: (mark: string) => void;
  /** False when the data file system has less room than the settings ask for. */
  readonly hasRoom: () => boolean;
  readonly selfTest: SelfTest;
};
