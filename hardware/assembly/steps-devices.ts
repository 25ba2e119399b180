/**
 * The next steps on the bench: what the totem lights, reads and says, and the power for it.
 */
import { HEADER, physicalPin } from "../boards.ts";
import { CASE } from "../enclosure/case.ts";
import { KINDS, kindOf, LIGHT_REFS, PARTS } from "../parts.ts";
import { HEADPHONES_PIN } from "../wiring.ts";
import { powerPicture, scannerPicture, soundPicture } from "./pictures-devices.ts";
import { driversPicture } from "./pictures-drivers.ts";
import type { Step } from "./step.ts";
import { connectorTable, driverTable, waysOf } from "./tables.ts";

const SUPPLY_WAYS = waysOf("J2")
  .filter(({ wire }) => wire.colour === "RD")
  .map(({ way }) => way);

const SUPPLY = kindOf(KINDS, part("G1"));
const FIVE_VOLT_PINS = pins("5V");

export const DEVICE_STEPS: readonly Step[] = [
  {
    id: "drivers",
    title: { it: "Montare i comandi delle lampade", en: "Fit the lamps' drivers" },
    parts: ["U1", "U2", "BZ1", "J2", ...new Set(Object.values(LIGHT_REFS))],
    shows: {
      it: "U1 e U2 dall'alto, tacca a sinistra: sopra le lampade, sotto i piedini di A1.",
      en: "U1 and U2 from above, notch to the left: lamps above, pins of A1 below.",
    },
    picture: driversPicture,
    actions: [
      {
        it: "Saldare gli zoccoli, poi infilare U1 e U2 con la tacca dalla parte giusta.",
        en: "Solder the sockets, then push U1 and U2 in, notch the right way.",
      },
      {
        it: "Collegare ingressi e uscite secondo la prima tabella; saldare il cicalino BZ1 su A2.",
        en: "Connect inputs and outputs as in the first table; solder the buzzer BZ1 on A2.",
      },
      {
        it: `Cablare J2 secondo la seconda tabella; il rosso va di lampada in lampada dalla via ${SUPPLY_WAYS[0]} alla via ${SUPPLY_WAYS[1]}.`,
        en: `Make the harness of J2 as in the second table; the red wire goes from lamp to lamp, from way ${SUPPLY_WAYS[0]} to way ${SUPPLY_WAYS[1]}.`,
      },
      {
        it: `Infilare ${LIGHT_REFS.wait}–${LIGHT_REFS.outcome} nei cappucci sopra i tasti dei motivi, ${CASE.hoods.setBack} mm dietro il foro: si devono vedere solo di fronte.`,
        en: `Push ${LIGHT_REFS.wait}–${LIGHT_REFS.outcome} into the hoods above the reason keys, ${CASE.hoods.setBack} mm behind the opening: they must be seen from the front only.`,
      },
    ],
    table: (language) => [...driverTable(language), "", ...connectorTable("J2", language)],
    checks: [
      {
        it: "Nessuna uscita di U1 e U2 tocca la massa o i 5 V (tester, senza corrente).",
        en: "No output of U1 or U2 touches ground or 5 V (meter, no power).",
      },
      {
        it: "Ogni lampada, provata da sola a 5 V, si accende con + sul rosso.",
        en: "Each lamp, tried alone on 5 V, lights with + on red.",
      },
    ],
    troubles: [
      {
        sign: { it: "Una lampada resta fioca", en: "A lamp stays dim" },
        cure: {
          it: "è fatta per 12 V: si veda l'alternativa nella distinta dei pezzi",
          en: "it is made for 12 V: see the alternative in the bill of materials",
        },
      },
      {
        sign: { it: "Un driver scalda", en: "A driver gets hot" },
        cure: {
          it: "tacca dalla parte sbagliata: spegnere subito",
          en: "notch the wrong way: switch off at once",
        },
      },
    ],
  },
  {
    id: "scanner",
    title: { it: "Montare il lettore", en: "Fit the scanner" },
    parts: ["U3", "A1"],
    shows: {
      it: "Il lettore guarda attraverso la finestra, inclinato come la piastra; il cavo USB va ad A1.",
      en: "The scanner looks through the window, leaning like the plate; its USB cable goes to A1.",
    },
    picture: scannerPicture,
    actions: [
      {
        it: "Impostarlo come porta seriale USB con il codice di programmazione del suo manuale, prima di montarlo.",
        en: "Set it to USB serial port by the setup code in its own manual, before it is fitted.",
      },
      {
        it: `Fissarlo dietro la finestra di ${CASE.scannerWindow.width} × ${CASE.scannerWindow.height} mm, alla distanza che il suo manuale dà per i codici del foglio di prova.`,
        en: `Fix it behind the window of ${CASE.scannerWindow.width} × ${CASE.scannerWindow.height} mm, at the distance its manual gives for the codes of the test sheet.`,
      },
      {
        it: "Lasciare al cavo una piega larga e un fermo: chi apre lo sportello non deve tirarlo.",
        en: "Leave the cable a wide bend and a clamp: who opens the door must not pull it.",
      },
    ],
    checks: [
      {
        it: "Collegato a un computer, legge tutti i codici di `hardware/generated/code-sheet.it.svg` attraverso la finestra, in ogni rotazione.",
        en: "Connected to a computer, it reads every code of `hardware/generated/code-sheet.en.svg` through the window, in any rotation.",
      },
    ],
    troubles: [
      {
        sign: { it: "Legge solo senza lastra", en: "It reads only without the pane" },
        cure: {
          it: "riflesso della sua luce: inclinarlo di qualche grado rispetto alla lastra",
          en: "its own light is reflected: turn it a few degrees against the pane",
        },
      },
      {
        sign: { it: "Non compare come porta seriale", en: "It does not show up as a serial port" },
        cure: {
          it: "è rimasto in modalità tastiera: rileggere il codice di programmazione, o usare `scanner.kind: hid`",
          en: "it is still a keyboard: read the setup code again, or use `scanner.kind: hid`",
        },
      },
    ],
  },
  {
    id: "sound",
    title: { it: "Collegare voce e cuffie", en: "Connect voice and headphones" },
    parts: ["U4", "U5", "LS1", "X1", "J3"],
    shows: {
      it: "A1, scheda audio U4, presa X1, amplificatore U5, altoparlante LS1; X1 dice ad A2 quando c'è la spina.",
      en: "A1, sound adapter U4, socket X1, amplifier U5, speaker LS1; X1 tells A2 when a plug is in.",
    },
    picture: soundPicture,
    actions: [
      {
        it: "U4 in una porta USB di A1; la sua uscita va a X1 e, attraverso il contatto che la spina apre, a U5.",
        en: "U4 in a USB port of A1; its output goes to X1 and, through the contact that the plug opens, to U5.",
      },
      {
        it: "U5 prende i 5 V da J3; LS1 dietro i fori della piastra.",
        en: "U5 takes 5 V from J3; LS1 behind the plate's holes.",
      },
      {
        it: `Il contatto di X1 va a ${HEADPHONES_PIN} (piedino ${physicalPin(HEADPHONES_PIN)}) e si chiude con la spina: un filo rotto vale «nessuna cuffia», e la scelta non viene mai detta ad alta voce.`,
        en: `The contact of X1 goes to ${HEADPHONES_PIN} (pin ${physicalPin(HEADPHONES_PIN)}) and closes with the plug: a broken wire means "no headphones", and the choice is never spoken aloud.`,
      },
    ],
    table: (language) => connectorTable("J3", language),
    checks: [
      {
        it: "Con la spina inserita il contatto di X1 chiude; l'altoparlante tace.",
        en: "With a plug in, the contact of X1 closes; the speaker is silent.",
      },
    ],
    troubles: [
      {
        sign: { it: "L'altoparlante parla anche con le cuffie", en: "The speaker speaks with headphones in" },
        cure: {
          it: "U5 è collegato prima di X1: va dopo i contatti della presa",
          en: "U5 is connected before X1: it belongs after the socket's contacts",
        },
      },
    ],
  },
  {
    id: "power",
    title: { it: "Misurare e dare i 5 V", en: "Measure, then give 5 V" },
    parts: ["G1", "F1", "A1", "A2", "W1", "M1"],
    shows: {
      it: "G1, A1, fusibile F1, A2; il tester fra 5 V e massa di A2, prima di accendere.",
      en: "G1, A1, fuse F1, A2; the meter between 5 V and ground of A2, before switching on.",
    },
    picture: powerPicture,
    actions: [
      {
        it: `Alimentatore: ${SUPPLY.facts.it}. Nessun altro: sotto il suo valore la scheda si spegne nel momento peggiore.`,
        en: `Supply: ${SUPPLY.facts.en}. No other: below its rating the board goes off at the worst moment.`,
      },
      {
        it: `A2 prende i 5 V dai piedini ${FIVE_VOLT_PINS} di A1 attraverso F1.`,
        en: `A2 takes 5 V from pins ${FIVE_VOLT_PINS} of A1 through F1.`,
      },
      {
        it: "Tutto staccato: misurare fra 5 V e massa, e fra 3,3 V e massa. Poi W1, con il bordo segnato sul piedino 1 da tutte e due le parti.",
        en: "Everything unplugged: measure 5 V to ground and 3.3 V to ground. Then W1, its marked edge on pin 1 at both ends.",
      },
      {
        it: "Accendere una prima volta senza M1: senza scheda di memoria non parte nessun programma.",
        en: "Switch on for the first time without M1: without its card no program starts.",
      },
    ],
    checks: [
      {
        it: "Su A2 si misurano 5 V e 3,3 V; nessuna lampada è accesa, niente scalda.",
        en: "On A2, 5 V and 3.3 V are measured; no lamp is lit, nothing gets warm.",
      },
    ],
    troubles: [
      {
        sign: { it: "Manca la tensione su A2", en: "No voltage on A2" },
        cure: {
          it: "F1 è scattato: togliere corrente, cercare il corto, lasciarlo raffreddare",
          en: "F1 has tripped: switch off, find the short, let it cool",
        },
      },
      {
        sign: { it: "Una lampada è accesa senza programma", en: "A lamp is lit without a program" },
        cure: {
          it: "ingresso del driver collegato ai 3,3 V o W1 rovesciato",
          en: "a driver's input on 3.3 V, or W1 the wrong way round",
        },
      },
    ],
  },
];

function part(ref: string) {
  const found = PARTS.find((one) => one.ref === ref);
  if (found === undefined) throw new Error(`no part is called ${ref}`);
  return found;
}

function pins(name: (typeof HEADER)[number]): string {
  return HEADER.flatMap((pin, index) => (pin === name ? [String(index + 1)] : [])).join(", ");
}
