/** When a page looks again for a totem that went silent. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isSilent, retryMs, SILENT_MS } from "./retry.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it("Waits grow from a fraction of a second and never beyond five", () => {
  expect([0, 1, 2, 3, 4, 5, 1_000].map((failures) => retryMs(failures, 0.999))).toEqual([
    400, 800, 1_599, 3_198, 4_998, 4_998, 4_998,
  ]);
  fc.assert(
    fc.property(fc.nat(), random, (failures, chance) => {
      const wait = retryMs(failures, chance);
      expect(wait).toBeGreaterThanOrEqual(200);
      expect(wait).toBeLessThanOrEqual(5_000);
      expect(retryMs(failures + 1, chance)).toBeGreaterThanOrEqual(wait);
    }),
  );
});

it("Pages that were lost together do not all come back in the same instant", () => {
  expect(retryMs(3, 0)).toBeLessThan(retryMs(3, 0.9));
});

it("A totem that speaks every second is not silent; one that missed three times is", () => {
  expect(isSilent(10_000, 11_500)).toBe(false);
  expect(isSilent(10_000, 10_000 + SILENT_MS)).toBe(false);
  expect(isSilent(10_000, 10_001 + SILENT_MS)).toBe(true);
});
