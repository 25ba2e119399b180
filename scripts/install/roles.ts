/**
 * What `faccine install` can make of a machine: a totem or a gateway. Names of places on the machine, and nothing that acts.
 */
import { GATEWAY_LINKS, type ImageLink, TOTEM_LINKS } from "#hardware/image/links.ts";

export type RoleName = "totem" | "gateway";

export type Folder = {
  readonly path: string;
  readonly mode: number;
  readonly owner: string;
  readonly why: string;
};

export type Role = {
  readonly name: RoleName;
  readonly user: string;
  /** Groups that open its devices. */
  readonly groups: readonly string[];
  readonly settingsFile: string;
  /** Holds votes: never deleted without being asked for by name. */
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly folders: readonly Folder[];
  readonly links: readonly ImageLink[];
  /** What is stopped before it is taken away, and started when it is there. */
  readonly units: readonly string[];
  readonly service: string;
  /** What the first settings file says. */
  readonly settingsText: string;
};

/** Where every installed file is written down, one list for each role. */
export const APPLICATION_DIR = "/opt/faccine";
export const manifestPath = (role: RoleName): string => `${APPLICATION_DIR}/installed/${role}.json`;

const SETTINGS_FOLDER: Folder = {
  path: "/etc/faccine",
  mode: 0o755,
  owner: "root",
  why: "settings; each file in it says who may read it",
};

const TOTEM: Role = {
  name: "totem",
  user: "faccine",
  groups: ["gpio", "input", "dialout", "audio"],
  settingsFile: "/etc/faccine/totem.yaml",
  dataDir: "/data/faccine",
  cacheDir: "/var/cache/faccine",
  folders: [
    { path: "/data/faccine", mode: 0o700, owner: "faccine", why: "votes, and the totem's own secrets" },
    SETTINGS_FOLDER,
  ],
  links: TOTEM_LINKS,
  units: ["faccine-totem.path", "faccine-totem.service"],
  service: "faccine-totem.service",
  settingsText: `# This totem's settings. Missing ones have their defaults; \`faccine totem --help\` tells more.
# The gateway tells totemId, siteId and gateway.publicKey when it makes a totem known.
devices: board
# totemId:
# siteId:
# gateway: { publicKey: }
# mqtt: { url: "mqtts://gateway.example:8883", caFile: /etc/faccine/gateway-ca.pem }
`,
};

const GATEWAY: Role = {
  name: "gateway",
  user: "faccine-gateway",
  groups: [],
  settingsFile: "/etc/faccine/gateway.yaml",
  dataDir: "/var/lib/faccine",
  cacheDir: "/var/cache/faccine-gateway",
  folders: [SETTINGS_FOLDER],
  links: GATEWAY_LINKS,
  units: ["faccine-gateway.service"],
  service: "faccine-gateway.service",
  settingsText: `# This gateway's settings: its administration, sites, offices and services have no default.
# \`faccine gateway --help\` tells more; scripts/demo/comune.yaml in ${APPLICATION_DIR}/current is an example.
`,
};

export const ROLES: Readonly<Record<RoleName, Role>> = { totem: TOTEM, gateway: GATEWAY };
