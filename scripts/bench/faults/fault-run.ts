/**
 * One seeded run of a small world: two totems whose citizens sometimes hold the same ticket, a gateway, and wires that
 * lose, repeat, reorder and cut. In the end everything is healed and must come to rest with every vote counted once.
 */
import { join } from "node:path";
import { directoryOf } from "#gateway/directory.ts";
import type { SiteRules, Store } from "#gateway/store/store.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import { type Random, seeded } from "#schemas/seeded.fixture.ts";
import { makeSigningKey, publicKeyFromHex, type SigningKey } from "#schemas/signature.ts";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { FIRST_OFFICE_SERVICES, fullTownSettings } from "../town.ts";
import { totemRecord } from "../town-gateway.ts";
import { makeVote } from "../votes.ts";
import { type FaultGateway, openFaultGateway } from "./fault-gateway.ts";
import { type FaultTotem, openFaultTotem } from "./fault-totem.ts";
import { type Tally, tallyOf } from "./tally.ts";
import { type VirtualTime, virtualTime } from "./virtual-time.ts";
import { drawFaults, openWire, type Wire } from "./wire.ts";

/** Where runs keep their gateway; many runs share one file, each with totems of its own. */
export type FaultPlace = { readonly dir: string; readonly series: number };

/** What one run found wrong; all zero, or a promise is broken. */
export type RunResult = Tally & {
  readonly votes: number;
  /** Entries that had not come to rest when everything worked again. */
  readonly stuck: number;
};

/** Tuesday, 10 March 2026, 8 o'clock UTC. */
const START_MS = Date.UTC(2026, 2, 10, 8);
/** Votes are cast and everything fails within this time. */
const TROUBLE_MS = 40 * MINUTE_MS;
/** How long a healed world may take: the outbox's slowest pace is ten minutes, and every epoch may need it in turn. */
const REST_MS = 6 * HOUR_MS;
const VOTES_MAX = 40;
const RESTARTS_MAX = 3;
/** Of the second totem's votes this many have a ticket that was used at the first one. */
const SHARED_TICKETS = 0.2;

/** Made once: a run is told by its seed, not by its keys. */
const GATEWAY_KEY = makeSigningKey();
const TOTEM_KEYS: readonly [SigningKey, SigningKey] = [makeSigningKey(), makeSigningKey()];
const SITES: readonly SiteRules[] = directoryOf(fullTownSettings()).rules;

/** Runs one world to its end. */
export async function faultRun(seed: number, place: FaultPlace): Promise<RunResult> {
  const random = seeded(seed);
  const time = virtualTime(START_MS + random.below(10_000) * HOUR_MS);
  const world = await openWorld(seed, place, { random, time });
  try {
    const before = await countsOf(world.gateway.store());
    const cast = scheduleVotes(world, { random, time });
    scheduleTrouble(world, { random, time });
    const startMs = time.nowMs();
    await time.runUntil(startMs + TROUBLE_MS);
    for (const part of [world.gateway, ...world.totems, ...world.wires]) part.heal();
    await time.runUntil(startMs + TROUBLE_MS + REST_MS);
    const stuck = world.totems.reduce((sum, totem) => sum + totem.pending(), 0);
    const tally = await tallyOf({
      store: world.gateway.store(),
      databaseFile: world.databaseFile,
      cast,
      before,
      after: await countsOf(world.gateway.store()),
    });
    return { ...tally, votes: cast.reduce((sum, { votes }) => sum + votes.length, 0), stuck };
  } finally {
    for (const totem of world.totems) totem.close();
    await world.gateway.close();
  }
}

type World = {
  readonly databaseFile: string;
  readonly gateway: FaultGateway;
  readonly totems: readonly FaultTotem[];
  readonly wires: readonly Wire[];
};
type Ambient = { readonly random: Random; readonly time: VirtualTime };

async function openWorld(seed: number, place: FaultPlace, ambient: Ambient): Promise<World> {
  const { random } = ambient;
  const databaseFile = join(place.dir, `gateway-${place.series}.db`);
  const ids = TOTEM_KEYS.map((_, index) => `totem-${seed}-${index}`);
  const journalKeys = new Map(ids.map((id, index) => [id, (TOTEM_KEYS[index] as SigningKey).publicKeyHex]));
  const faults = drawFaults(random);
  const up = openWire(faults, ambient);
  const down = openWire(faults, ambient);
  const totems = new Map<string, FaultTotem>();
  const gateway = openFaultGateway({
    databaseFile,
    key: GATEWAY_KEY,
    journalKeys,
    sites: SITES,
    ...ambient,
    answer: (totemId, receipt) => down.carry(receipt, (arrived) => totems.get(totemId)?.receive(arrived)),
  });
  for (const [index, totemId] of ids.entries()) {
    const key = TOTEM_KEYS[index] as SigningKey;
    await gateway.store().registerTotem(totemRecord(totemId, key.publicKeyHex, ""));
    const totem = openFaultTotem({
      totemId,
      key,
      gatewayKey: GATEWAY_PUBLIC,
      ...ambient,
      send: (batch) => up.carry(batch, (arrived) => gateway.receive(totemId, arrived)),
    });
    totems.set(totemId, totem);
  }
  return { databaseFile, gateway, totems: [...totems.values()], wires: [up, down] };
}

const GATEWAY_PUBLIC = publicKeyFromHex(GATEWAY_KEY.publicKeyHex);

/** The votes each totem took. */
export type Cast = { readonly totemId: string; readonly votes: readonly VoteEntry[] };

function scheduleVotes({ totems }: World, { random, time }: Ambient): readonly Cast[] {
  const bootMs = time.nowMs();
  const marks: string[] = [];
  return totems.map((totem, index) => {
    const votes = Array.from({ length: 1 + random.below(VOTES_MAX) }, () => {
      const delayMs = random.below(TROUBLE_MS);
      const boot = { bootId: `boot-${index}`, bootMs };
      const vote = makeVote(random, { atMs: bootMs + delayMs, boot, services: FIRST_OFFICE_SERVICES });
      const mark = index > 0 && random.chance(SHARED_TICKETS) ? marks.pop() : undefined;
      if (index === 0 && vote.ticket.mark !== null) marks.push(vote.ticket.mark);
      const held = mark === undefined ? vote : { ...vote, ticket: { ...vote.ticket, mark } };
      time.after(delayMs, () => totem.cast(held));
      return held;
    });
    return { totemId: totem.totemId, votes };
  });
}

function scheduleTrouble({ totems, gateway }: World, { random, time }: Ambient): void {
  for (const totem of totems) {
    for (let n = random.below(RESTARTS_MAX + 1); n > 0; n--) {
      time.after(random.below(TROUBLE_MS), () => totem.restart());
    }
  }
  if (random.chance(0.5)) time.after(random.below(TROUBLE_MS), () => gateway.restart());
}

/** All counters there are, by service: what two moments differ by is what was counted between them. */
function countsOf(store: Store) {
  return store.countSpans([{ fromDay: "2000-01-01", toDay: "2100-01-01" }]);
}
