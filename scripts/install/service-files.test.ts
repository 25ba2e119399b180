import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { serviceCommand } from "../service-node.ts";
import { CURRENT } from "./plan.ts";
import { ROLES } from "./roles.ts";

it.each([
  ["totem", "firmware/main.ts"],
  ["gateway", "gateway/main.ts"],
] as const)("the %s's unit starts it as every other start does", (name, main) => {
  const role = ROLES[name];
  const unit = readFileSync(`hardware/image/${name}/etc/systemd/system/${role.service}`, "utf8");
  const flags = serviceCommand(main).slice(0, -1);
  const command = [`${CURRENT}/node_modules/.bin/node`, ...flags, `${CURRENT}/${main}`, role.settingsFile];
  expect(unit).toContain(`\nExecStart=${command.join(" ")}\n`);
  expect(unit).toContain(`\nUser=${role.user}\n`);
  for (const group of role.groups)
    expect(unit).toMatch(new RegExp(`^SupplementaryGroups=.*\\b${group}\\b`, "m"));
});
