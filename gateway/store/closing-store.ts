/**
 * What the gateway needs from a database to close days (promise 8). Part of the `Store` port.
 */

/** What closing left and took away. */
export type Closed = {
  /** Votes that are counts by the hour from now on. */
  readonly votes: number;
  readonly batches: number;
  /** Payloads that could not be verified, of which only the reason is left. */
  readonly payloads: number;
};

export type ClosingStore = {
  /** The last local day of which nothing is left but counts, or null. */
  readonly closedThrough: () => Promise<string | null>;
  /**
   * Closes all days up to one, a bite at a time: from the first moment on a vote of theirs is late; once resolved, no row, free page
   * or log of the database joins one of their votes to a ticket or to a moment finer than the hour. One that was cut off is
   * finished by the next call.
   */
  readonly closeThrough: (day: string, atMs: number) => Promise<Closed>;
  /**
   * Copies everything into one file, a bite at a time, with the days up to `closeThrough` closed and of the votes of open days counts by
   * the hour: a copy lives on when keys are destroyed and days are closed here. A store opened on it takes up where this one was; votes it
   * holds keep their place and verdict.
   */
  readonly copyTo: (path: string, closeThrough: string | null, atMs: number) => Promise<void>;
};
