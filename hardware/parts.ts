/**
 * Every part of a totem by its reference, as it is marked on drawings and on the part itself. What a kind of part is
 * stands in `kinds/`. No prices: none could be verified with a source and a date.
 */
import { KEYS, type Key, REASON_KEYS } from "#schemas/code-list.ts";
import type { Bilingual } from "./bilingual.ts";
import { DEVICE_KINDS } from "./kinds/devices.ts";
import { ELECTRONIC_KINDS } from "./kinds/electronics.ts";
import { KEY_AND_LAMP_KINDS } from "./kinds/keys-and-lamps.ts";
import type { Kind } from "./kinds/kind.ts";
import type { LAMP_PINS, PICTOGRAM_PINS } from "./wiring.ts";

export type Part = {
  readonly ref: string;
  /** Id of its kind. */
  readonly kind: string;
  readonly name: Bilingual;
  /** Terminals left open on purpose. */
  readonly spare: readonly string[];
};

/** Everything that lights. */
export type Light = keyof typeof LAMP_PINS | keyof typeof PICTOGRAM_PINS;

export const KINDS: readonly Kind[] = [...DEVICE_KINDS, ...KEY_AND_LAMP_KINDS, ...ELECTRONIC_KINDS];

/** The keys as their switches are called: S1 is the green face. */
export const KEY_REFS = Object.fromEntries(KEYS.map((key, index) => [key, `S${index + 1}`])) as Readonly<
  Record<Key, string>
>;

export const KEY_NAMES: Readonly<Record<Key, Bilingual>> = {
  green: { it: "faccia verde", en: "green face" },
  yellow: { it: "faccia gialla", en: "yellow face" },
  red: { it: "faccia rossa", en: "red face" },
  wait: { it: "motivo: attesa", en: "reason: waiting" },
  staff: { it: "motivo: personale", en: "reason: staff" },
  return: { it: "motivo: tornare", en: "reason: come back" },
  outcome: { it: "motivo: esito", en: "reason: outcome" },
  assist: { it: "assistenza", en: "assistance" },
  service: { it: "servizio", en: "service" },
};

/** The part whose lamp lights: faces and the assist key hold their own, a reason's stands beside it behind its hood. */
export const LIGHT_REFS: Readonly<Record<Light, string>> = {
  green: KEY_REFS.green,
  yellow: KEY_REFS.yellow,
  red: KEY_REFS.red,
  assist: KEY_REFS.assist,
  showReceipt: "H1",
  choose: "H2",
  thankYou: "H3",
  notAccepted: "H4",
  wait: "H5",
  staff: "H6",
  return: "H7",
  outcome: "H8",
};

const PICTOGRAM_NAMES: Readonly<Record<keyof typeof PICTOGRAM_PINS, Bilingual>> = {
  showReceipt: { it: "mostra lo scontrino", en: "show the receipt" },
  choose: { it: "scegli", en: "choose" },
  thankYou: { it: "grazie", en: "thank you" },
  notAccepted: { it: "non accettato", en: "not accepted" },
};

/** The two drivers and what hangs on their channels 1, 2, ...: in the header's order, so that no wire crosses another. */
export const DRIVERS: readonly { readonly ref: string; readonly channels: readonly (Light | "buzzer")[] }[] =
  [
    {
      ref: "U1",
      channels: ["staff", "wait", "choose", "showReceipt", "thankYou", "notAccepted", "green", "yellow"],
    },
    { ref: "U2", channels: ["red", "return", "outcome", "buzzer", "assist"] },
  ];
const DRIVER_CHANNELS = 8;

const same = (text: string): Bilingual => ({ it: text, en: text });

const part = (ref: string, kind: string, name: Bilingual, spare: readonly string[] = []): Part => ({
  ref,
  kind,
  name,
  spare,
});

function kindOfKey(key: Key): string {
  if (key === "assist" || key === "service") return `${key}-key`;
  return (REASON_KEYS as readonly Key[]).includes(key) ? "reason-key" : "face-key";
}

/** What stands between the header and one key, numbered as the key is. */
function inputParts(key: Key, number: number): readonly Part[] {
  return [
    part(`R${number}`, "pull-up", {
      it: `a 3,3 V per ${KEY_REFS[key]}`,
      en: `to 3.3 V for ${KEY_REFS[key]}`,
    }),
    part(`R${number + 10}`, "series", {
      it: `in serie a ${KEY_REFS[key]}`,
      en: `in series with ${KEY_REFS[key]}`,
    }),
    part(`C${number}`, "capacitor", { it: `filtro di ${KEY_REFS[key]}`, en: `filter of ${KEY_REFS[key]}` }),
  ];
}

const LAMPS: readonly Part[] = [
  ...(Object.keys(PICTOGRAM_NAMES) as readonly (keyof typeof PICTOGRAM_NAMES)[]).map((name) =>
    part(LIGHT_REFS[name], "pictogram-lamp", PICTOGRAM_NAMES[name]),
  ),
  ...REASON_KEYS.map((key) => part(LIGHT_REFS[key], "reason-lamp", KEY_NAMES[key])),
];

const DRIVER_PARTS: readonly Part[] = DRIVERS.map(({ ref, channels }) => {
  const free = Array.from({ length: DRIVER_CHANNELS }, (_, index) => index + 1).slice(channels.length);
  return part(
    ref,
    "driver",
    { it: "comando delle lampade", en: "driver of the lamps" },
    free.flatMap((channel) => [`IN${channel}`, `OUT${channel}`]),
  );
});

/** Every terminal of the board that is not wired is left open. */
const BOARD_SPARE = [...Array.from({ length: 40 }, (_, index) => String(index + 1))];

export const PARTS: readonly Part[] = [
  part("A1", "board", { it: "scheda", en: "board" }, BOARD_SPARE),
  part("A2", "interface-board", { it: "scheda di collegamento", en: "interface board" }),
  ...KEYS.map((key) => part(KEY_REFS[key], kindOfKey(key), KEY_NAMES[key])),
  ...LAMPS,
  part("BZ1", "buzzer", { it: "cicalino", en: "buzzer" }),
  ...DRIVER_PARTS,
  ...KEYS.flatMap((key, index) => inputParts(key, index + 1)),
  part("R20", "series", { it: "in serie a X1", en: "in series with X1" }),
  part("C10", "capacitor", { it: "filtro di X1", en: "filter of X1" }),
  part("D1", "suppressor", { it: "scariche su S1-S4", en: "surges on S1-S4" }),
  part("D2", "suppressor", { it: "scariche su S5-S8", en: "surges on S5-S8" }),
  part("D3", "suppressor", { it: "scariche su S9 e X1", en: "surges on S9 and X1" }, ["IO3", "IO4"]),
  part("F1", "fuse", { it: "protegge i 5 V delle lampade", en: "protects the 5 V of the lamps" }),
  part("X1", "headphone-socket", { it: "cuffie", en: "headphones" }),
  part("U3", "scanner", { it: "lettore", en: "scanner" }),
  part("U4", "sound-adapter", { it: "scheda audio", en: "sound adapter" }),
  part("U5", "amplifier", { it: "amplificatore", en: "amplifier" }),
  part("LS1", "speaker", { it: "altoparlante", en: "speaker" }),
  part("G1", "supply", { it: "alimentatore", en: "supply" }),
  part("M1", "card", same("microSD")),
  part("W1", "ribbon", { it: "da A1 ad A2", en: "from A1 to A2" }),
  part("J1", "connector-12", { it: "tasti e contatto cuffie", en: "keys and headphone contact" }),
  part("J2", "connector-14", { it: "lampade", en: "lamps" }),
  part("J3", "connector-2", { it: "5 V per U5", en: "5 V for U5" }),
];

/** The kind of a part. @throws when there is none of that id. */
export function kindOf(kinds: readonly Kind[], part: Part): Kind {
  const found = kinds.find(({ id }) => id === part.kind);
  if (found === undefined) throw new Error(`${part.ref}: there is no kind of part called ${part.kind}`);
  return found;
}
