/**
 * Invented votes of a contented municipality: more in the morning than in the afternoon, few on some services, worse where it takes long,
 * now and then a ticket used twice, and a clerk who keeps receipts. The same day has the same votes at every call. Pure.
 */
import type { Face, Reason, VoteFlag } from "#schemas/code-list.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { dayNumber, type LocalDay } from "#schemas/local-day.ts";
import { type Random, seeded } from "#schemas/seeded.fixture.ts";

export type InventedVote = {
  /** Which of the totems, from 0 on. */
  readonly totem: number;
  readonly minute: number;
  readonly second: number;
  readonly service: string;
  readonly wording: number;
  readonly face: Face;
  readonly reason: Reason | null;
  /** Set for a ticket that is used at two totems. */
  readonly mark: string | null;
  readonly flags: readonly VoteFlag[];
};

/** From half past eight to half past one, and twice a week from three to five. */
const MORNING = { fromMinute: 510, minutes: 300 };
const AFTERNOON = { fromMinute: 900, minutes: 120 };
/** How busy the services are, the first ones of the settings most; the last has so few votes that its figures are hidden. */
const BUSY = [30, 9, 22, 12, 1];
/** Of a hundred votes so many are green, then yellow: the third service takes long. */
const MOODS = [
  [80, 12],
  [84, 10],
  [62, 18],
  [74, 14],
  [70, 20],
] as const;
const REASONS: readonly Reason[] = ["wait", "wait", "wait", "return", "outcome", "staff", "none"];
/** Votes at one totem on a day: a small town's. */
const VOTES_PER_TOTEM = 28;
/** One ticket in so many is used at two totems that do not see each other. */
const CONFLICT_ONE_IN = 400;
/** Every tenth week, for `faccine watch` to find: a clerk uses up kept receipts within a few minutes before closing. */
const CLERK_EVERY_DAYS = 70;
const CLERK = { service: 3, receipts: 25, fromMinute: 785 };
/** Saturday is the sixth day of the week; 1970 began on a Thursday. */
const FIRST_WEEKDAY = 3;

export function votesOfDay(
  day: LocalDay,
  totems: number,
  { sites, wording }: Pick<GatewaySettings, "sites" | "wording">,
): readonly InventedVote[] {
  const number = dayNumber(day);
  const weekday = (number + FIRST_WEEKDAY) % 7;
  if (weekday >= 5) return [];
  const random = seeded(number);
  const services = (sites[0]?.offices ?? []).flatMap((office) => office.services.map((one) => one.serviceId));
  const votes: InventedVote[] = [];
  for (let totem = 0; totem < totems; totem++) {
    // A totem's days are not alike: a fifth more or less.
    const count = Math.round(VOTES_PER_TOTEM * (0.8 + random.next() * 0.4));
    for (let n = 0; n < count; n++) {
      const hours = (weekday === 1 || weekday === 3) && random.chance(0.3) ? AFTERNOON : MORNING;
      const minute = hours.fromMinute + random.below(hours.minutes);
      const vote = voteWith(random, { totem, minute, services, wording });
      const isShared = totems > 1 && random.below(CONFLICT_ONE_IN) === 0;
      const mark = isShared ? random.bytes(16).toString("hex") : null;
      votes.push({ ...vote, mark });
      if (isShared) votes.push({ ...vote, mark, totem: (totem + 1) % totems, minute: minute + 1 });
    }
  }
  if (number % CLERK_EVERY_DAYS === CLERK_EVERY_DAYS / 2) votes.push(...clerksVotes(services, wording));
  return votes.toSorted((one, other) => one.minute - other.minute || one.second - other.second);
}

function clerksVotes(services: readonly string[], wording: number): readonly InventedVote[] {
  const service = services[CLERK.service % services.length] as string;
  return Array.from({ length: CLERK.receipts }, (_, n) => ({
    ...{ totem: 0, minute: CLERK.fromMinute + Math.floor(n / 3), second: (n % 3) * 20, service, wording },
    ...{ face: "green" as const, reason: null, mark: null, flags: [] },
  }));
}

function voteWith(
  random: Random,
  about: {
    readonly totem: number;
    readonly minute: number;
    readonly services: readonly string[];
    readonly wording: number;
  },
): Omit<InventedVote, "mark"> {
  const { services, ...rest } = about;
  const weights = services.map((_, at) => BUSY[at % BUSY.length] as number);
  const drawn = random.below(weights.reduce((sum, weight) => sum + weight, 0));
  const at = weights.findIndex(
    (_, last) => drawn < weights.slice(0, last + 1).reduce((sum, one) => sum + one, 0),
  );
  const [green, yellow] = MOODS[at % MOODS.length] as (typeof MOODS)[number];
  const mood = random.below(100);
  const face: Face = mood < green ? "green" : mood < green + yellow ? "yellow" : "red";
  return {
    ...rest,
    second: random.below(60),
    service: services[at] as string,
    face,
    reason: face === "red" ? random.pick(REASONS) : null,
    flags: random.chance(0.02) ? ["assist"] : [],
  };
}
