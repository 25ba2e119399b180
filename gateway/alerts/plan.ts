/**
 * When and how people are told of alarms: which are news, not in quiet hours, how often a message is tried, which totems are silent. Pure.
 */
import type { GatewaySettings, SiteSetting } from "#schemas/gateway-settings.ts";
import {
  addDays,
  dayStartMs,
  isoWithOffset,
  localClock,
  localDayOf,
  localMinuteMs,
} from "#schemas/local-day.ts";
import { DAY_MS, MINUTE_MS } from "#schemas/time.ts";
import type { Alarm } from "../store/alarm-store.ts";
import type { Channel, Message } from "../store/delivery-store.ts";
import type { TotemStatus } from "../store/store.ts";

/** The ways there are, in the order in which they are told. */
const CHANNELS: readonly Channel[] = ["webhook", "mail"];

type Alerts = GatewaySettings["alerts"];

/** The first try again comes soon: most failures are a server that starts anew. */
const FIRST_AGAIN_MS = MINUTE_MS;
/** A server that is down for a weekend is not asked every minute. */
const LAST_AGAIN_MS = 6 * 60 * MINUTE_MS;
/** Some three days. What was not told by then is on the page. */
const TRIES_MAX = 20;
/** Messages of one look: a fleet without a network must not fill a mailbox. */
export const MESSAGES_AT_ONCE = 20;

/** When a message that failed so often is tried again; null gives it up. */
export function againMs(tries: number, nowMs: number): number | null {
  return tries >= TRIES_MAX ? null : nowMs + Math.min(LAST_AGAIN_MS, FIRST_AGAIN_MS * 2 ** (tries - 1));
}

/** Nobody is reminded more often: an alarm that stands for a week unseen will not be seen for another mail. */
const REMINDERS_MAX = 7;

/**
 * The messages about alarms that stand and that nobody has seen, for every channel there is: at once, and again each day. Told ones are
 * left out by whoever keeps them.
 */
export function messagesOf(
  alarms: readonly Alarm[],
  { alerts, administration }: Pick<GatewaySettings, "alerts" | "administration">,
  at: { readonly nowMs: number; readonly zone: string },
): readonly Message[] {
  const channels = channelsOf(alerts);
  const nextMs = afterQuiet(alerts.quiet, at);
  const unseen = alarms.filter(({ acknowledged }) => acknowledged === null);
  return unseen.flatMap((alarm) =>
    channels.map((channel): Message => {
      const { code, subject, firstMs } = alarm;
      const reminder = Math.min(Math.floor((at.nowMs - firstMs) / DAY_MS), REMINDERS_MAX);
      const text =
        channel === "mail"
          ? mailText(alarm, administration.name, at.zone)
          : webhookText(alarm, administration, reminder);
      const about = subject === "" ? code : `${code} (${subject})`;
      const key = `alarm ${code} ${subject} ${firstMs}`;
      return {
        ...{ key: reminder === 0 ? key : `${key} again ${reminder}`, channel, body: text },
        subject: reminder === 0 ? `Faccine: ${about}` : `Faccine: ${about}, ${reminder}d`,
        ...{ createdMs: at.nowMs, nextMs },
      };
    }),
  );
}

/** Now, or the end of the quiet hours that it lies in. */
export function afterQuiet(
  quiet: Alerts["quiet"],
  { nowMs, zone }: { readonly nowMs: number; readonly zone: string },
): number {
  if (quiet === null) return nowMs;
  const [from, to] = [minuteOf(quiet.from), minuteOf(quiet.to)];
  const { minuteOfDay } = localClock(nowMs, zone);
  const today = localDayOf(nowMs, zone);
  const isQuiet =
    from <= to ? from <= minuteOfDay && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to;
  if (!isQuiet) return nowMs;
  const day = minuteOfDay < to ? today : addDays(today, 1);
  // Midnight as the end of a day is the start of the next one.
  return to === 24 * 60 ? dayStartMs(addDays(day, 1), zone) : localMinuteMs(day, to, zone);
}

/** Totems that should speak and do not, and those that do again; others have nothing new to say. */
export function silence(
  totems: readonly Pick<TotemStatus, "totemId" | "siteId" | "online" | "seenMs">[],
  sites: readonly Pick<SiteSetting, "siteId" | "zone" | "hours">[],
  { nowMs, silentMinutes }: { readonly nowMs: number; readonly silentMinutes: number },
): {
  readonly silent: readonly { readonly totemId: string; readonly minutes: number }[];
  readonly back: readonly string[];
} {
  const zones = new Map(sites.map((site) => [site.siteId, site]));
  const silent = totems.flatMap(({ totemId, siteId, online, seenMs }) => {
    const site = zones.get(siteId);
    if (online || seenMs === null || site === undefined || !isOpen(site, nowMs)) return [];
    const minutes = Math.floor((nowMs - seenMs) / MINUTE_MS);
    return minutes >= silentMinutes ? [{ totemId, minutes }] : [];
  });
  return { silent, back: totems.filter(({ online }) => online).map(({ totemId }) => totemId) };
}

/** A site that says no hours is open on weekdays by day: nobody is woken for a totem at night. */
function isOpen({ zone, hours }: Pick<SiteSetting, "zone" | "hours">, nowMs: number): boolean {
  const { weekday, minuteOfDay } = localClock(nowMs, zone);
  const open = hours.length > 0 ? hours : USUAL_HOURS;
  return open.some(
    (one) => one.weekday === weekday && minuteOf(one.from) <= minuteOfDay && minuteOfDay < minuteOf(one.to),
  );
}

const USUAL_HOURS = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "09:00", to: "17:00" }));

function minuteOf(clock: string): number {
  return 60 * Number(clock.slice(0, 2)) + Number(clock.slice(3, 5));
}

function mailText({ code, subject, detail, firstMs }: Alarm, administration: string, zone: string): string {
  const since = new Intl.DateTimeFormat("it", {
    dateStyle: "short",
    timeStyle: "short",
    timeZone: zone,
  }).format(firstMs);
  const where = subject === "" ? "gateway" : subject;
  return [
    `${administration}: allarme ${code}, ${where}.`,
    detail,
    `Dal ${since}. La pagina del gateway elenca gli allarmi aperti; che cosa fare è in gateway/guides/alarms.it.md.`,
    `Finché nessuno lo prende in carico (\`faccine alarms acknowledge\`) questo messaggio torna ogni giorno.`,
    "",
    `Alarm ${code}, ${where}, since ${isoWithOffset(firstMs, "UTC")}. The gateway's page lists what stands; gateway/guides/alarms.md says what to do.`,
    `Until somebody acknowledges it (\`faccine alarms acknowledge\`) this message comes again each day.`,
  ].join("\n");
}

function webhookText(
  { code, subject, detail, firstMs }: Alarm,
  { ipaCode }: GatewaySettings["administration"],
  reminder: number,
): string {
  return JSON.stringify({ kind: "alarm", administration: ipaCode, code, subject, detail, firstMs, reminder });
}

/** Which channels there are, for a message that is a test. */
export function channelsOf(alerts: Alerts): readonly Channel[] {
  return CHANNELS.filter((channel) => alerts[channel] !== null);
}
