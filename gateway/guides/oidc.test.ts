import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROLES } from "#schemas/access-settings.ts";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS } from "#schemas/gateway-settings.ts";
import { readSettings } from "#schemas/read-settings.ts";
import { CALLBACK_PATH, SILENT_MS } from "../access/oidc.ts";
import { settingsProblems } from "../directory.ts";
import { OIDC_WORDS } from "../web/oidc-words.ts";

const REST = `
administration: { name: Comune di Prova, ipaCode: "" }
sites:
  - siteId: municipio
    name: Municipio
    zone: Europe/Rome
    languages: [it]
    hours: []
    offices:
      - officeId: demografici
        number: 1
        name: Demografici
        uoCode: ""
        staff: 5
        services: [{ serviceId: anagrafe, number: 3, name: Anagrafe }]
`;

describe.each([
  ["oidc.md", OIDC_WORDS.en],
  ["oidc.it.md", OIDC_WORDS.it],
] as const)("the guide %s", (file, words) => {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");

  it("shows settings that the gateway takes", () => {
    const yaml = text.match(/```yaml\n(.*?)```/s)?.[1] ?? "";
    const read = readSettings({
      ...{ shape: GATEWAY_SETTINGS, defaults: GATEWAY_DEFAULTS, yaml: yaml + REST, env: {} },
    });
    if (!read.ok) throw new Error(JSON.stringify(read.problem));
    expect(settingsProblems(read.value)).toEqual([]);
    expect(text).toContain(`${read.value.access.oidc?.address}${CALLBACK_PATH}`);
  });

  it("tells what each role may do", () => {
    const rows = [...text.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, role]) => role);
    expect(rows).toEqual(ROLES);
  });

  it("quotes what the pages say, and names the time they wait", () => {
    const quoted = [...text.matchAll(/^\| \*([^*]+)\*/gm)].map(([, words]) => words ?? "");
    const said = [...Object.values(words.titles), ...Object.values(words.said).map((say) => say("x"))].join(
      "\n",
    );
    expect(quoted).toHaveLength(4);
    for (const phrase of quoted) expect(said).toContain(phrase);
    expect(text).toContain(`${SILENT_MS / 1_000} second`);
  });
});
