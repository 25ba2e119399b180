/**
 * Which place a vote or refusal of a totem is counted at.
 */
import type { SiteRules } from "../store.ts";
import type { Counters } from "./counters.ts";

/**
 * The number of the place a service belongs to: its office, else the one office the totem serves, else none. A service
 * the directory no longer knows is still counted under its own name.
 * @param serves the totem's offices as a JSON list, or null for all of its site.
 */
export function placesOf(
  site: SiteRules,
  serves: string | null,
  counters: Counters,
): (service: string | null) => number {
  const offices =
    serves === null ? [...new Set(Object.values(site.officeOf))] : (JSON.parse(serves) as string[]);
  const only = offices.length === 1 ? (offices[0] as string) : "";
  const known = new Map<string | null, number>();
  return (service) => {
    let place = known.get(service);
    if (place === undefined) {
      const named = service === null ? undefined : site.officeOf[service];
      const officeId = named ?? only;
      place = counters.place({ siteId: site.siteId, officeId, serviceId: service ?? "" });
      known.set(service, place);
    }
    return place;
  };
}
