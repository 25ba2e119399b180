import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SiteSetting } from "#schemas/gateway-settings.ts";
import { type Place, peopleTogether, publicPlaces } from "./places.ts";

type Staff = Readonly<Record<string, number | null>>;

/** A site from the staff of its offices and services: `{ registry: [8, { births: 2, ids: null }] }`. */
function site(offices: Readonly<Record<string, readonly [staff: number, services: Staff]>>): SiteSetting {
  return {
    siteId: "town-hall",
    name: "Town hall",
    zone: "Europe/Rome",
    languages: ["it"],
    hours: [],
    offices: Object.entries(offices).map(([officeId, [staff, services]], index) => ({
      ...{ officeId, number: index + 1, name: officeId, uoCode: "", staff },
      services: Object.entries(services).map(([serviceId, people], number) => ({
        ...{ serviceId, number: number + 1, name: serviceId },
        ...(people === null ? {} : { staff: people }),
      })),
    })),
  };
}

const at = (officeId: string, serviceId: string): Place => ({ siteId: "town-hall", officeId, serviceId });

/** Where each service of a site is shown, as `office/service`. */
function shown(town: SiteSetting): Readonly<Record<string, string>> {
  const places = publicPlaces([town]);
  return Object.fromEntries(
    town.offices.flatMap(({ officeId, services }) =>
      services.map(({ serviceId }) => {
        const { place } = places(at(officeId, serviceId));
        return [serviceId, `${place.officeId}/${place.serviceId}`];
      }),
    ),
  );
}

describe("where figures are shown", () => {
  it("is under the service's own name where three people provide it", () => {
    expect(shown(site({ registry: [3, { births: null, ids: 3 }] }))).toEqual({
      births: "registry/births",
      ids: "registry/ids",
    });
  });

  it("is the office for a service of two people, which takes the smallest other one along", () => {
    expect(
      shown(site({ registry: [9, { births: 2, ids: 5, deaths: 4 }], taxes: [4, { waste: null }] })),
    ).toEqual({
      births: "registry/",
      deaths: "registry/",
      ids: "registry/ids",
      waste: "taxes/waste",
    });
  });

  it("is the site for an office of two people, which takes the smallest service of another one along", () => {
    expect(shown(site({ lostproperty: [2, { found: null }], registry: [9, { births: 6, ids: 5 }] }))).toEqual(
      {
        found: "/",
        ids: "/",
        births: "registry/births",
      },
    );
  });

  it("is the site for two small offices that are three people together, and nobody else", () => {
    expect(
      shown(
        site({
          lostproperty: [2, { found: null }],
          archive: [1, { copies: null }],
          registry: [9, { births: null }],
        }),
      ),
    ).toEqual({ found: "/", copies: "/", births: "registry/births" });
  });

  it("is the office when none of its services has three people, and all of its people then stand behind it", () => {
    const town = site({ registry: [6, { births: 2, ids: 2, deaths: 2 }] });
    expect(shown(town)).toEqual({ births: "registry/", ids: "registry/", deaths: "registry/" });
    expect(publicPlaces([town])(at("registry", "births")).gatheredPeople).toBe(6);
  });

  it("is the site for an office that is no longer in the settings: nobody can vouch for its people", () => {
    const places = publicPlaces([site({ registry: [9, { births: null }] })]);
    expect(places(at("closed-office", "x"))).toEqual({ place: at("", ""), gatheredPeople: 0 });
    expect(places(at("registry", "closed-service"))).toEqual({
      place: at("registry", "closed-service"),
      gatheredPeople: null,
    });
    expect(places(at("", ""))).toEqual({ place: at("", ""), gatheredPeople: null });
  });

  it("counts people of one office once, and of several offices together", () => {
    const of = (officeId: string, people: number) => ({ officeId, people });
    expect(peopleTogether([of("a", 2), of("a", 2), of("b", 1)])).toBe(3);
    expect(peopleTogether([])).toBe(0);
  });

  it("is nowhere the own row of fewer than three people, in any site", () => {
    const people = fc.option(fc.nat(6));
    const sites = fc
      .array(fc.tuple(fc.nat(6), fc.array(people, { minLength: 1, maxLength: 3 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map((offices) =>
        site(
          Object.fromEntries(
            offices.map(([staff, services], office) => [
              `office-${office}`,
              [
                staff,
                Object.fromEntries(services.map((count, index) => [`s-${office}-${index}`, count])),
              ] as const,
            ]),
          ),
        ),
      );
    fc.assert(
      fc.property(sites, (town) => {
        const places = publicPlaces([town]);
        const units = town.offices.flatMap(({ officeId, staff, services }) =>
          services.map((service) => ({
            ...{ officeId, staff, people: Math.min(service.staff ?? staff, staff) },
            ...places(at(officeId, service.serviceId)),
          })),
        );
        for (const unit of units) {
          const { place, gatheredPeople, people, staff } = unit;
          expect(gatheredPeople === null).toBe(place.serviceId !== "");
          if (place.serviceId !== "") expect(people).toBeGreaterThanOrEqual(3);
          if (place.officeId !== "") expect(staff).toBeGreaterThanOrEqual(3);
          // More people than its own stand behind a service only in the row of its whole office.
          const colleagues = units.filter(({ officeId }) => officeId === unit.officeId);
          const isWholeOffice = colleagues.every(
            (other) => other.place.officeId !== "" && other.place.serviceId === "",
          );
          expect([null, people, ...(isWholeOffice ? [staff] : [])]).toContain(gatheredPeople);
        }
        const inSite = units.filter(({ place }) => place.officeId === "");
        const others = units.filter(({ staff, people }) => staff >= 3 && people >= 3);
        if (inSite.length > 0 && others.length > 0) expect(peopleTogether(inSite)).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 300 },
    );
  });
});
