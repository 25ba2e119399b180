import { describe, expect, it } from "vitest";
import { type Random, seeded } from "#schemas/seeded.fixture.ts";
import { type Desk, type Fraud, simulatedMonth, someDesk } from "./office.fixture.ts";
import { binomialTail } from "./tails.ts";
import { FALSE_FLAG_RATE, type WatchedService, watchMonth } from "./watch-month.ts";

/** Months that the present one is compared with. */
const BEFORE = 3;
const SERVICES = 6;

function service(n: number, desk: Desk, fraud: Fraud, random: Random): WatchedService {
  // Whoever pulls the plug on bad days has done so for a while; the others do it for the first time.
  const habit = fraud === "switched-off" ? fraud : "none";
  const before = Array.from({ length: BEFORE }, () => simulatedMonth(desk, habit, random)).flat();
  const days = simulatedMonth(desk, fraud, random);
  return { siteId: "town-hall", officeId: `office-${n}`, serviceId: `service-${n}`, month: { days, before } };
}
const town = (random: Random, fraud: Fraud, desk = someDesk(random)) => [
  service(0, desk, fraud, random),
  ...Array.from({ length: SERVICES - 1 }, (_, n) => service(n + 1, someDesk(random), "none", random)),
];

describe("watching a month", () => {
  it("has nothing to say of an administration that has just begun", () => {
    const random = seeded(1);
    const days = simulatedMonth(someDesk(random), "burst", random).slice(0, 5);
    const { flags } = watchMonth([
      { siteId: "s", officeId: "o", serviceId: "v", month: { days, before: [] } },
    ]);
    expect(flags).toEqual([]);
    expect(watchMonth([])).toEqual({ flags: [], judged: 0 });
  });

  it("flags more tickets used than were printed, whoever printed the others", () => {
    const random = seeded(2);
    const [first] = town(random, "none");
    const { month, ...place } = first as WatchedService;
    const few = month.days.map((day) => ({ ...day, issued: Math.floor(day.valid / 2) }));
    expect(watchMonth([{ ...place, month: { ...month, days: few } }]).flags).toMatchObject([
      { ...place, sign: "more-than-issued" },
    ]);
  });

  it("flags hardly any of a thousand months in which nobody cheats: at most the rate that is stated", () => {
    const random = seeded(20_260_706);
    const MONTHS = 1_000;
    let flagged = 0;
    const signs: string[] = [];
    for (let n = 0; n < MONTHS; n++) {
      const { flags, judged } = watchMonth(town(random, "none"));
      expect(judged).toBeGreaterThan(SERVICES * 5);
      flagged += flags.length > 0 ? 1 : 0;
      signs.push(...flags.map(({ sign, chance }) => `${sign} ${chance.toExponential(1)}`));
    }
    // So many flags would come by chance in less than one of a thousand runs if the rate were just kept.
    expect(binomialTail(MONTHS, FALSE_FLAG_RATE, flagged), `${flagged}: ${signs.join(", ")}`).toBeGreaterThan(
      0.001,
    );
  });

  it.each<[string, Fraud, readonly string[]]>([
    ["thirty kept receipts voted green within ten minutes", "burst", ["burst", "kept-receipts", "row"]],
    ["thirty receipts kept for most of an hour, used one by one", "slow-burst", ["kept-receipts"]],
    ["thirty green votes after the office has closed", "after-hours", ["after-hours"]],
    ["a totem unplugged on afternoons of bad days", "switched-off", ["switched-off"]],
    ["receipts for contented citizens only", "chosen-citizens", ["chosen-citizens"]],
  ])("flags %s", (_, fraud, expected) => {
    const random = seeded(7);
    const desk: Desk = { green: 0.6, red: 0.2, people: 90, part: 0.55, badDays: 0.2 };
    const RUNS = 50;
    let found = 0;
    let wrong = 0;
    for (let n = 0; n < RUNS; n++) {
      const { flags } = watchMonth(town(random, fraud, desk));
      const signs: readonly string[] = flags
        .filter(({ officeId }) => officeId === "office-0")
        .map(({ sign }) => sign);
      found += expected.some((sign) => signs.includes(sign)) ? 1 : 0;
      wrong += flags.length - signs.length;
    }
    expect(found).toBeGreaterThanOrEqual(RUNS * 0.9);
    // The neighbours are honest.
    expect(wrong).toBeLessThanOrEqual(RUNS * 0.05);
  });
});
