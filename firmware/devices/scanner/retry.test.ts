import { expect, it } from "vitest";
import { failuresAfterLoss, retryMs } from "./retry.ts";

it("the wait doubles from a quarter of a second up to five, and stays there for years", () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(retryMs)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(retryMs(1e9)).toBe(5_000);
});

it("a port that was there for a while begins with the quick retry, a loose plug does not", () => {
  expect(failuresAfterLoss(6, 10_000)).toBe(1);
  expect(failuresAfterLoss(6, 9_999)).toBe(7);
});
