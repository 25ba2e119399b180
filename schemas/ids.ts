/**
 * How ids look and how random ones are made. Randomness is passed in, so that pure code and tests can choose it.
 */

/** What every configured id matches. */
const ID = /^[a-z0-9-]{1,40}$/;

/** Bytes of a random id: 128 bits, so that two totems never draw the same one. */
export const RANDOM_ID_BYTES = 16;

/** True when `value` may be the id of a totem, site, office or service. */
export function isId(value: string): boolean {
  return ID.test(value);
}

/** A random id in hex from 16 random bytes. */
export function randomId(randomBytes: (size: number) => Buffer): string {
  return randomBytes(RANDOM_ID_BYTES).toString("hex");
}
