/**
 * What the gateway needs from a database to know which receipts of an existing queue system were really given out. Part of the `Store`
 * port.
 */
import type { LocalDay } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";

export type ListedReceipt = {
  /** The mark of the receipt, in hex: nothing else is kept of it. */
  readonly mark: string;
  readonly day: LocalDay;
};

export type ListedStore = {
  /**
   * Keeps marks of receipts that were given out, until the day after theirs closes. Votes that came with them as unverified count from now
   * on, as if the receipts had been known at once: the first committed wins. @returns how many were news.
   */
  readonly listReceipts: (
    receipts: readonly ListedReceipt[],
    rules: SiteSettings["ticketRules"],
    atMs: number,
  ) => Promise<number>;
};
