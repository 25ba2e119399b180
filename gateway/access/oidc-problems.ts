/**
 * What is wrong with the settings of a provider beyond their shape. Pure.
 */
import type { OidcSetting } from "#schemas/gateway-settings.ts";
import type { SettingsProblem } from "#schemas/read-settings.ts";

/** An office for role `office`, one that exists, and for no other role: a row that says less would show more. */
export function oidcProblems(
  oidc: OidcSetting | null,
  officeIds: readonly string[],
): readonly SettingsProblem[] {
  return (oidc?.roles ?? []).flatMap(({ role, officeId }, row) => {
    const name = `access.oidc.roles.${row}.officeId`;
    if (role !== "office")
      return officeId === undefined
        ? []
        : [{ name, value: officeId, expected: `must be left out: role ${role} sees all offices` }];
    if (officeId === undefined)
      return [{ name, value: "nothing", expected: "must name the office that role office sees" }];
    return officeIds.includes(officeId)
      ? []
      : [{ name, value: officeId, expected: "must be an office of the settings" }];
  });
}
