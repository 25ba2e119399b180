import { describe, expect, it } from "vitest";
import { SHORT_MAX } from "#schemas/short-ticket.ts";
import { openShortSerials } from "./short-serials.ts";

/** Counts up, each number twice. */
function twice(): (size: number) => Buffer {
  let calls = 0;
  return (size) => {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntBE(Math.floor(calls++ / 2), 0, size);
    return bytes;
  };
}

describe("serials of short tickets", () => {
  it("are never the same twice for a service in one minute, and may be in another", () => {
    const serials = openShortSerials(twice());
    expect([serials.next(1, 1, 100), serials.next(1, 1, 100), serials.next(1, 1, 100)]).toEqual([0, 1, 2]);
    expect(serials.next(1, 2, 100)).toBe(2);
  });

  it("fit their place, and come to an end before the draw takes long", () => {
    let calls = 0;
    const serials = openShortSerials((size) => {
      const bytes = Buffer.alloc(size);
      // Every number of the 24 bits in turn, far apart.
      bytes.writeUIntBE((calls++ * 7_919) % 0x1000000, 0, size);
      return bytes;
    });
    let issued = 0;
    for (let next = serials.next(1, 1, 5); next !== null; next = serials.next(1, 1, 5)) {
      expect(next).toBeLessThanOrEqual(SHORT_MAX.serial);
      issued += 1;
    }
    expect(issued).toBe(Math.floor(SHORT_MAX.serial / 2));
    expect(serials.next(1, 1, 6)).not.toBeNull();
  });

  it("of minutes long gone are forgotten", () => {
    // A generator that knows one number: drawn again for a minute that is remembered, it would never come to an end.
    const serials = openShortSerials((size) => Buffer.alloc(size));
    for (let minute = 0; minute <= 6_000; minute++) expect(serials.next(1, 1, minute)).toBe(0);
    expect(serials.next(1, 1, 0)).toBe(0);
  });
});
