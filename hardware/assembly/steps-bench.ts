/**
 * The first steps on the bench: interface board, harness, keys.
 */
import { KEYS } from "#schemas/code-list.ts";
import { figure } from "../bilingual.ts";
import { HEADER } from "../boards.ts";
import { wiredPins } from "../drawings/lookup.ts";
import { CASE } from "../enclosure/case.ts";
import { PULL_UP_OHMS, SERIES_OHMS } from "../kinds/electronics.ts";
import { KEY_REFS } from "../parts.ts";
import { boardPicture, harnessPicture, keysPicture } from "./pictures-bench.ts";
import type { Step } from "./step.ts";
import { connectorTable, keyTable, waysOf } from "./tables.ts";

const KEYS_MARKED = `${KEY_REFS.green}–${KEY_REFS.service}`;
const GROUND_WAYS = waysOf("J1")
  .filter(({ wire }) => wire.colour === "BK")
  .map(({ way }) => way);

export const BENCH_STEPS: readonly Step[] = [
  {
    id: "board",
    title: { it: "Preparare la scheda di collegamento", en: "Prepare the interface board" },
    parts: ["A1", "A2", "W1", "J1", "J2", "J3", "F1", "D1", "D2", "D3"],
    shows: {
      it: "A1 con il connettore a 40 poli, A2 e il cavo piatto W1: il bordo segnato va dal piedino 1 al piedino 1.",
      en: "A1 with its 40-pin header, A2 and ribbon W1: the marked edge leads from pin 1 to pin 1.",
    },
    picture: boardPicture,
    actions: [
      {
        it: "Saldare su A2 la presa a 40 poli, i connettori J1, J2, J3 e le tre barre 3,3 V, 5 V e massa.",
        en: "Solder the 40-way socket, the connectors J1, J2, J3 and the three rails 3.3 V, 5 V and ground on A2.",
      },
      {
        it: `Dalla presa alle barre: ai 3,3 V il piedino ${railPins("3V3")}, alla massa i piedini ${railPins("GND")}, ai 5 V i piedini ${railPins("5V")}, questi attraverso F1. Tutti gli altri secondo \`hardware/generated/pin-table.it.md\`.`,
        en: `From the socket to the rails: pin ${railPins("3V3")} to 3.3 V, pins ${railPins("GND")} to ground, pins ${railPins("5V")} to 5 V, these through F1. All others as in \`hardware/generated/pin-table.en.md\`.`,
      },
      {
        it: `Per ogni tasto ${KEYS_MARKED} saldare la resistenza da ${PULL_UP_OHMS} ohm verso 3,3 V (R1–R${KEYS.length}), quella da ${SERIES_OHMS} ohm in serie (R11–R${KEYS.length + 10}) e il condensatore (C1–C${KEYS.length}); per X1 R20 e C10. La resistenza verso 3,3 V dalla parte di J1, il condensatore dalla parte della presa.`,
        en: `For each key ${KEYS_MARKED} solder the resistor of ${PULL_UP_OHMS} ohm to 3.3 V (R1–R${KEYS.length}), the one of ${SERIES_OHMS} ohm in series (R11–R${KEYS.length + 10}) and the capacitor (C1–C${KEYS.length}); for X1, R20 and C10. The resistor to 3.3 V on J1's side, the capacitor on the socket's side.`,
      },
      {
        it: "Saldare i soppressori D1, D2, D3 accanto a J1, con il piedino GND sulla massa per la via più corta.",
        en: "Solder the suppressors D1, D2, D3 beside J1, their pin GND to ground by the shortest way.",
      },
      {
        it: "Non collegare ancora A1. Lo schema completo è in `hardware/generated/`.",
        en: "Do not connect A1 yet. The whole diagram is in `hardware/generated/`.",
      },
    ],
    checks: [
      {
        it: "Con il tester: nessun contatto fra 5 V e massa, fra 3,3 V e massa, fra 5 V e 3,3 V.",
        en: "With the meter: no contact between 5 V and ground, 3.3 V and ground, 5 V and 3.3 V.",
      },
      {
        it: `Fra ogni via di J1 (da 1 a ${KEYS.length}) e la barra dei 3,3 V si misurano circa ${PULL_UP_OHMS} ohm.`,
        en: `Between each way of J1 (1 to ${KEYS.length}) and the 3.3 V rail about ${PULL_UP_OHMS} ohm are measured.`,
      },
    ],
    troubles: [
      {
        sign: { it: "Una via misura 0 ohm verso massa", en: "A way measures 0 ohm to ground" },
        cure: {
          it: `soppressore girato o goccia di stagno; se misura ${SERIES_OHMS} ohm, il condensatore è in corto`,
          en: `suppressor the wrong way round or a drop of solder; if it measures ${SERIES_OHMS} ohm, the capacitor is shorted`,
        },
      },
    ],
  },
  {
    id: "harness",
    title: { it: "Cablare i tasti", en: "Make the keys' harness" },
    parts: ["J1", ...KEYS.map((key) => KEY_REFS[key]), "X1"],
    shows: {
      it: "La spina J1 via per via; il nero va di tasto in tasto e torna alla spina.",
      en: "Plug J1 way by way; the black wire goes from key to key and back to the plug.",
    },
    picture: harnessPicture,
    actions: [
      {
        it: "Tagliare un filo per via, nel colore della tabella, e numerare i due capi.",
        en: "Cut one wire for each way, in the table's colour, and number both ends.",
      },
      {
        it: `Il nero parte dalla via ${GROUND_WAYS[0]}, tocca il COM di ogni tasto e di X1 e torna alla via ${GROUND_WAYS[1]}: rotto in un punto, tiene ancora.`,
        en: `The black wire starts at way ${GROUND_WAYS[0]}, touches the COM of each key and of X1 and comes back to way ${GROUND_WAYS[1]}: broken in one place, it still holds.`,
      },
      {
        it: "Intrecciare i fili e tenerli lontani dai cavi di rete elettrica.",
        en: "Twist the wires together and keep them away from mains cables.",
      },
    ],
    table: (language) => connectorTable("J1", language),
    checks: [
      {
        it: "Fra le due vie nere: 0 ohm. Tolto il nero da un tasto qualsiasi, ogni altro COM resta unito a una delle due.",
        en: "Between the two black ways: 0 ohm. With the black wire off any one key, every other COM still reaches one of them.",
      },
      {
        it: "A riposo nessuna via chiude verso il nero; premendo un tasto chiude solo la sua.",
        en: "At rest no way closes to black; pressing a key closes its own only.",
      },
    ],
    troubles: [
      {
        sign: { it: "Una via è chiusa a riposo", en: "A way is closed at rest" },
        cure: { it: "filo sul contatto NC invece che NO", en: "wire on contact NC instead of NO" },
      },
      {
        sign: { it: "Un tasto ne chiude un altro", en: "One key closes another" },
        cure: {
          it: "due capi scambiati: rifare la numerazione",
          en: "two ends exchanged: number them again",
        },
      },
    ],
  },
  {
    id: "keys",
    title: { it: "Forare la piastra e montare i tasti", en: "Drill the plate and fit the keys" },
    parts: KEYS.filter((key) => key !== "service").map((key) => KEY_REFS[key]),
    shows: {
      it: "La piastra vista da dietro (destra e sinistra scambiate) e un tasto in sezione: 1 placchetta, 2 piastra, 3 dado.",
      en: "The plate seen from behind (left and right exchanged) and a key in section: 1 cap plate, 2 plate, 3 nut.",
    },
    picture: keysPicture,
    actions: [
      {
        it: "Stampare `hardware/generated/case-template.it.svg` su A2 al 100 %, controllare il righello, fissarla sulla piastra.",
        en: "Print `hardware/generated/case-template.en.svg` on A2 at 100 %, check its ruler, stick it on the plate.",
      },
      {
        it: "Misurare i tasti comprati: se il foro è diverso dalla tabella, vale il tasto. Bulinare, forare, sbavare.",
        en: "Measure the buttons bought: where their hole differs from the table, the button is right. Punch, drill, deburr.",
      },
      {
        it: "Montare i tasti da davanti e stringere il dado da dietro; collegare NO e COM.",
        en: "Fit the keys from the front and tighten the nut from behind; connect NO and COM.",
      },
      {
        it: `Incollare le placchette: cerchio, quadrato e triangolo per le facce, il rombo per l'assistenza, da una a quattro barre per i motivi. Il triangolo ha la punta in alto.`,
        en: `Glue the cap plates on: circle, square and triangle for the faces, the diamond for assistance, one to four bars for the reasons. The triangle points up.`,
      },
      {
        it: "Attaccare le etichette Braille sotto i tasti, mai sopra: chi legge non deve premere.",
        en: "Stick the Braille labels below the keys, never on them: who reads must not press.",
      },
    ],
    table: keyTable,
    checks: [
      {
        it: `Ogni tasto scende e risale da solo; la forza misurata è fra ${figure(CASE.keyForceN.min, "it")} e ${CASE.keyForceN.max} N.`,
        en: `Each key goes down and comes back by itself; the force measured is between ${CASE.keyForceN.min} and ${CASE.keyForceN.max} N.`,
      },
      {
        it: "A occhi chiusi i tre tasti delle facce si distinguono senza premerli.",
        en: "With eyes closed the three face keys are told apart without pressing them.",
      },
    ],
    troubles: [
      {
        sign: { it: "Un tasto resta giù", en: "A key stays down" },
        cure: {
          it: "la placchetta tocca la piastra: limarla o spessorare",
          en: "the cap plate touches the plate: file it or shim it",
        },
      },
    ],
  },
];

/** The header's pins that a wire of the interface board joins to a rail. */
function railPins(name: "3V3" | "5V" | "GND"): string {
  const wired = wiredPins();
  return HEADER.flatMap((pin, index) =>
    pin === name && wired.has(index + 1) ? [String(index + 1)] : [],
  ).join(", ");
}
