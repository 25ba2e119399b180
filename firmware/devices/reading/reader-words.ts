/**
 * What a reader and its thread say to each other.
 */

/** Memory that both see without asking. */
export type Heartbeat = {
  /** When the thread last came by: CLOCK_MONOTONIC, nanoseconds. */
  readonly aliveAtNs: BigInt64Array<SharedArrayBuffer>;
  /** How many records that were handed over nobody has taken yet. */
  readonly handed: Int32Array<SharedArrayBuffer>;
};
/** The only index of each. */
export const ALIVE_AT = 0;
export const HANDED_OVER = 0;

export type ReaderData = {
  readonly fd: number;
  readonly stopFd: number;
  readonly recordBytes: number;
  readonly heartbeat: Heartbeat;
};

/** Whole records, or what reading failed with; a thread that ends without a failure came to the end of the file. */
export type ReaderMessage =
  | { readonly bytes: ArrayBuffer }
  | {
      readonly failure: {
        readonly message: string;
        readonly code: string;
        readonly errno: number;
        readonly syscall: string;
      };
    };
