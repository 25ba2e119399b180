/**
 * Serials of short tickets: random, and never twice for a service in one minute. Remembers them in memory only, for the minutes
 * they were issued for, and forgets the oldest minute first.
 */
import { SHORT_MAX } from "#schemas/short-ticket.ts";

/** Minutes of services remembered: fifty desks over two hours; a service that ended before that is rarely printed for any more. */
const MINUTES_MAX = 6_000;

/** A desk prints a few a minute; half of all there are leaves each draw a chance of at least one in two. */
const SERIALS_PER_MINUTE_MAX = Math.floor(SHORT_MAX.serial / 2);

/** Reads of a random serial: 24 bits, of which those below the next lower power of two are kept. */
const SERIAL_BYTES = 3;

export type ShortSerials = {
  /** A serial for a service's minute; null when so many were issued that something must be wrong. */
  readonly next: (office: number, service: number, minute: number) => number | null;
};

export function openShortSerials(randomBytes: (size: number) => Buffer): ShortSerials {
  const used = new Map<string, Set<number>>();
  return {
    next: (office, service, minute) => {
      const name = `${office} ${service} ${minute}`;
      const serials = used.get(name) ?? new Set<number>();
      if (serials.size >= SERIALS_PER_MINUTE_MAX) return null;
      let serial: number;
      do serial = randomBytes(SERIAL_BYTES).readUIntBE(0, SERIAL_BYTES) & SHORT_MAX.serial;
      while (serials.has(serial));
      serials.add(serial);
      used.set(name, serials);
      const [oldest] = used.keys();
      if (used.size > MINUTES_MAX && oldest !== undefined) used.delete(oldest);
      return serial;
    },
  };
}
