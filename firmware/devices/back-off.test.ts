import { expect, it } from "vitest";
import { failuresAfterLoss, LINES_BACK_OFF, PLUG_BACK_OFF, retryMs, STEADY_MS } from "./back-off.ts";

it("the wait for a plug doubles from a quarter of a second up to five, and stays there for years", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((failures) => retryMs(PLUG_BACK_OFF, failures));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(retryMs(PLUG_BACK_OFF, 1e9)).toBe(5_000);
});

it("the wait for lines doubles from half a second up to thirty, and stays there for years", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => retryMs(LINES_BACK_OFF, failures));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(retryMs(LINES_BACK_OFF, 1e9)).toBe(30_000);
});

it("a device that was there for a while begins with the quick retry, a loose plug does not", () => {
  expect(failuresAfterLoss(6, STEADY_MS)).toBe(1);
  expect(failuresAfterLoss(6, STEADY_MS - 1)).toBe(7);
});
