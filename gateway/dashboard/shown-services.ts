/**
 * Which services a reader finds on a page, and under which names: all of the settings, those of few people within their parent, an office's own
 * for who belongs to one. Pure.
 */
import type { SiteSetting } from "#schemas/gateway-settings.ts";
import { placeKeyOf } from "../reports/lines.ts";
import { type Place, publicPlaces } from "../reports/places.ts";

export type ShownService = {
  readonly key: string;
  readonly place: Place;
  /** Of the office; of the site where offices are shown together. */
  readonly officeName: string;
  /** Null for several services shown together. */
  readonly serviceName: string | null;
};

/** In the order of the settings. @param officeId the only office the reader may see; null for all. */
export function shownServices(
  sites: readonly SiteSetting[],
  { isExact, officeId }: { readonly isExact: boolean; readonly officeId: string | null },
): readonly ShownService[] {
  const placeOf = publicPlaces(sites);
  const shown = new Map<string, ShownService>();
  for (const site of sites) {
    for (const office of site.offices) {
      for (const service of office.services) {
        const own = { siteId: site.siteId, officeId: office.officeId, serviceId: service.serviceId };
        const place = isExact ? own : placeOf(own).place;
        const key = placeKeyOf(place);
        if (shown.has(key) || (officeId !== null && place.officeId !== officeId)) continue;
        shown.set(key, {
          ...{ key, place },
          officeName: place.officeId === "" ? site.name : office.name,
          serviceName: place.serviceId === "" ? null : service.name,
        });
      }
    }
  }
  return [...shown.values()].toSorted((a, b) => order(a, sites) - order(b, sites));
}

/** Gathered services stand after the others of their office, and gathered offices after the other offices of their site. */
function order({ place }: ShownService, sites: readonly SiteSetting[]): number {
  const site = sites.findIndex(({ siteId }) => siteId === place.siteId);
  const offices = sites[site]?.offices ?? [];
  const office = offices.findIndex(({ officeId }) => officeId === place.officeId);
  const services = offices[office]?.services ?? [];
  const service = services.findIndex(({ serviceId }) => serviceId === place.serviceId);
  const last = (at: number, many: number) => (at < 0 ? many - 1 : at);
  return (site * MANY + last(office, MANY)) * MANY + last(service, MANY);
}

/** More offices than a site has, and more services than an office. */
const MANY = 1_000;
