/**
 * What is wrong with the settings of a provider beyond their shape. Pure.
 */
import type { OidcSetting } from "#schemas/gateway-settings.ts";
import type { SettingsProblem } from "#schemas/read-settings.ts";
import { roleProblem } from "./roles.ts";

const EXPECTED = {
  "office-needed": "must name the office that role office sees",
  "office-unknown": "must be an office of the settings",
  "office-not-for-role": "must be left out: only role office sees a single one",
} as const;

/** An office for role `office`, one that exists, and for no other role: a row that says less would show more. */
export function oidcProblems(
  oidc: OidcSetting | null,
  officeIds: readonly string[],
): readonly SettingsProblem[] {
  return (oidc?.roles ?? []).flatMap(({ role, officeId = null }, row) => {
    const problem = roleProblem({ role, officeId }, (id) => officeIds.includes(id));
    if (problem === null) return [];
    const name = `access.oidc.roles.${row}.officeId`;
    return [{ name, value: officeId ?? "nothing", expected: EXPECTED[problem] }];
  });
}
