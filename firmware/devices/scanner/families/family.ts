/**
 * What a family of scanners understands, as data: commands in bytes, and how its replies look among the codes. Pure.
 */

/** One command, and what its reply leads to. */
export type Step = {
  /** For a log. */
  readonly name: string;
  readonly command: Uint8Array;
  /** The command that the reply makes necessary, null when the scanner is as it should be, or what is wrong. */
  readonly onReply: (reply: Uint8Array) => Uint8Array | null | "refused";
};

export type Family = {
  /**
   * Asked at each opening, since a scanner may have been replaced. These write no flash: its cells wear out and a loose
   * plug alone can open the port thousands of times; and a power cut in the middle of a write may leave a module that no
   * longer reads.
   */
  readonly atStart: readonly Step[];
  /** Sent once by whoever installs the scanner, and kept by it. */
  readonly toInstall: readonly Step[];
  /** How many of these bytes are a reply, from the first on: a number, `partial` when more must come, or `other`. */
  readonly replyLength: (bytes: readonly number[]) => number | "partial" | "other";
};

/** Scanners set up by the codes in their manuals: nothing is sent, every byte is a code's. */
export const GENERIC: Family = { atStart: [], toInstall: [], replyLength: () => "other" };
