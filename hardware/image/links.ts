/**
 * The links that the image has beside its files, as data: what is switched on, and what is switched off for good by
 * pointing at nothing (systemd calls it masked). Paths are the machine's own.
 */

export type ImageLink = { readonly path: string; readonly target: string; readonly why: string };

const NOTHING = "/dev/null";
const UNITS = "/etc/systemd/system";
const AT_START = `${UNITS}/multi-user.target.wants`;

export const TOTEM_LINKS: readonly ImageLink[] = [
  {
    path: `${AT_START}/faccine-totem.service`,
    target: `${UNITS}/faccine-totem.service`,
    why: "the totem starts with the machine",
  },
  {
    path: `${AT_START}/faccine-totem.path`,
    target: `${UNITS}/faccine-totem.path`,
    why: "a totem without secrets starts the moment it gets them",
  },
  {
    path: `${UNITS}/getty@tty1.service`,
    target: NOTHING,
    why: "a scanner that is a keyboard must find no login to type into",
  },
  {
    path: `${UNITS}/ctrl-alt-del.target`,
    target: NOTHING,
    why: "nor the keys that restart the machine",
  },
];

export const GATEWAY_LINKS: readonly ImageLink[] = [
  {
    path: `${AT_START}/faccine-gateway.service`,
    target: `${UNITS}/faccine-gateway.service`,
    why: "the gateway starts with the machine",
  },
];
