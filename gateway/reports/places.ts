/**
 * Where the figures of an office's service are shown (promise 10): under its own name, or, where fewer than three people
 * provide it, only together with others under the name of its office or site. Pure.
 *
 * What is gathered goes by the settings alone, never by the figures, so that every file gathers the same. A small
 * service or office standing alone takes one more service of its parent along: the parent's figures stay complete, and
 * there is no sum it could be subtracted from.
 */
import type { OfficeSetting, ServiceSetting, SiteSetting } from "#schemas/gateway-settings.ts";
import { PEOPLE_MIN } from "./detail.ts";

/** A service of an office. Empty ids stand for what a refused scan could not tell, or for several gathered. */
export type Place = { readonly siteId: string; readonly officeId: string; readonly serviceId: string };

/** Under which name a place's figures are shown, and how many people stand behind it where that is not its own. */
export type ShownPlace = { readonly place: Place; readonly gatheredPeople: number | null };

export type PublicPlaces = (place: Place) => ShownPlace;

type Unit = Place & { readonly people: number };

/** Works out the places of an administration. */
export function publicPlaces(sites: readonly SiteSetting[]): PublicPlaces {
  const shown = new Map<string, ShownPlace>();
  const offices = new Map<string, number>();
  for (const site of sites) {
    const units = unitsOf(site);
    for (const { officeId, staff } of site.offices) offices.set(officeId, staff);
    for (const unit of units) shown.set(nameOf(unit), { place: unit, gatheredPeople: null });
    for (const { unit, place, people } of gather(site, units)) {
      shown.set(nameOf(unit), { place, gatheredPeople: people });
    }
  }
  return (place) => shown.get(nameOf(place)) ?? unknownPlace(place, offices);
}

/** A service taken out of the settings is as large as its office was; of an office taken out nobody can vouch. */
function unknownPlace(place: Place, offices: ReadonlyMap<string, number>): ShownPlace {
  const people = offices.get(place.officeId) ?? 0;
  if (place.officeId === "" || people >= PEOPLE_MIN) return { place, gatheredPeople: null };
  return { place: { siteId: place.siteId, officeId: "", serviceId: "" }, gatheredPeople: people };
}

function unitsOf(site: SiteSetting): readonly Unit[] {
  return site.offices.flatMap((office) =>
    office.services.map((service) => ({
      siteId: site.siteId,
      officeId: office.officeId,
      serviceId: service.serviceId,
      people: peopleBehind(service, office),
    })),
  );
}

/** How many people provide a service of an office: never more than work there. */
export function peopleBehind(
  service: Pick<ServiceSetting, "staff">,
  office: Pick<OfficeSetting, "staff">,
): number {
  return Math.min(service.staff ?? office.staff, office.staff);
}

/** The services shown under another name than their own, and how many people then stand behind each. */
function gather(
  site: SiteSetting,
  units: readonly Unit[],
): readonly { readonly unit: Unit; readonly place: Place; readonly people: number }[] {
  const isSmall = new Set(
    site.offices.filter((office) => office.staff < PEOPLE_MIN).map((office) => office.officeId),
  );
  const inSite = withCompany(
    units.filter((unit) => isSmall.has(unit.officeId)),
    units.filter((unit) => !isSmall.has(unit.officeId)),
  );
  const inOffices = site.offices.flatMap(({ officeId, staff }) => {
    const all = units.filter((unit) => unit.officeId === officeId);
    const left = all.filter((unit) => !inSite.includes(unit));
    const inOffice = withCompany(
      left.filter((unit) => unit.people < PEOPLE_MIN),
      left.filter((unit) => unit.people >= PEOPLE_MIN),
    );
    // When all of them are gathered, the row is the office itself.
    const people = (unit: Unit) => (inOffice.length === all.length ? staff : unit.people);
    const place = { siteId: site.siteId, officeId, serviceId: "" };
    return inOffice.map((unit) => ({ unit, place, people: people(unit) }));
  });
  const place = { siteId: site.siteId, officeId: "", serviceId: "" };
  return [...inSite.map((unit) => ({ unit, place, people: unit.people })), ...inOffices];
}

/** Small units, and where these are too few people or one alone, the smallest other one of three people or more. */
function withCompany(small: readonly Unit[], others: readonly Unit[]): readonly Unit[] {
  if (small.length === 0) return small;
  const isOne = new Set(small.map((unit) => unit.officeId)).size === 1;
  if (!isOne && peopleTogether(small) >= PEOPLE_MIN) return small;
  const [next] = others
    .filter(({ people }) => people >= PEOPLE_MIN)
    .sort((a, b) => a.people - b.people || compareIds(a, b));
  return next === undefined ? small : [...small, next];
}

/** People behind several services: in one office they may be the same ones, so only the largest of each office counts. */
export function peopleTogether(
  units: Iterable<{ readonly officeId: string; readonly people: number }>,
): number {
  const offices = new Map<string, number>();
  for (const { officeId, people } of units) {
    offices.set(officeId, Math.max(offices.get(officeId) ?? 0, people));
  }
  let sum = 0;
  for (const people of offices.values()) sum += people;
  return sum;
}

function nameOf({ siteId, officeId, serviceId }: Place): string {
  return `${siteId}/${officeId}/${serviceId}`;
}

function compareIds(a: Place, b: Place): number {
  const [left, right] = [nameOf(a), nameOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
