/**
 * The steps to a totem that is ready: closed, mounted, started and tested.
 */
import { KEYS } from "#schemas/code-list.ts";
import { CASE } from "../enclosure/case.ts";
import { screws } from "../enclosure/drawings/template.ts";
import { capBox, heightOf } from "../enclosure/geometry.ts";
import { LIMITS } from "../enclosure/limits.ts";
import { KEY_REFS, LIGHT_REFS } from "../parts.ts";
import { casePicture, firstPowerPicture, mountingPicture, selfTestPicture } from "./pictures-site.ts";
import type { Step } from "./step.ts";

const HIGHEST = heightOf(CASE, Math.min(...CASE.keys.map((key) => capBox(key).y)));
const LOWEST = heightOf(CASE, CASE.scannerWindow.y + CASE.scannerWindow.height);
const { stand, plate, bystander, wings } = CASE;

export const SITE_STEPS: readonly Step[] = [
  {
    id: "case",
    title: { it: "Chiudere la cassa", en: "Close the case" },
    parts: ["A1", "A2", KEY_REFS.service, "LS1"],
    shows: {
      it: "La cassa smontata: 1 etichette, 2 placchette, 3 piastra, 4 tasti, 5 cassa con A1 e A2, 6 ali.",
      en: "The case taken apart: 1 labels, 2 cap plates, 3 plate, 4 keys, 5 box with A1 and A2, 6 wings.",
    },
    picture: casePicture,
    actions: [
      {
        it: `Fissare A1 e A2 dietro lo sportello, su distanziali; ${KEY_REFS.service} dove arriva la mano aprendolo, mai raggiungibile da fuori.`,
        en: `Fix A1 and A2 behind the door, on spacers; ${KEY_REFS.service} where the hand reaches when it is open, never from outside.`,
      },
      {
        it: "Infilare J1, J2, J3 e i cavi USB; fermare i cablaggi perché lo sportello non li stringa.",
        en: "Plug in J1, J2, J3 and the USB cables; tie the harnesses so that the door does not pinch them.",
      },
      {
        it: `Avvitare la piastra con ${screws(CASE).length} viti; montare le ali profonde ${wings.upperDepth} mm, che superano la piastra di ${wings.aboveUpperEdge} mm.`,
        en: `Screw the plate on with ${screws(CASE).length} screws; fit the wings, ${wings.upperDepth} mm deep and ${wings.aboveUpperEdge} mm higher than the plate.`,
      },
      { it: "Arrotondare ogni spigolo che una mano può toccare.", en: "Round every edge a hand can touch." },
    ],
    checks: [
      {
        it: `Da ${bystander.aside} mm di fianco e ${bystander.inFront} mm davanti, con gli occhi a ${bystander.eyeAboveFloor} mm, non si vedono né la mano sui tasti né le spie dei motivi.`,
        en: `From ${bystander.aside} mm aside and ${bystander.inFront} mm in front, eyes at ${bystander.eyeAboveFloor} mm, neither the hand on the keys nor the reasons' lamps are seen.`,
      },
      {
        it: "Lo sportello chiude a chiave e non tocca nessun cavo.",
        en: "The door locks and touches no cable.",
      },
    ],
    troubles: [
      {
        sign: { it: "Una spia si vede di fianco", en: "A lamp is seen from the side" },
        cure: {
          it: `non è arretrata di ${CASE.hoods.setBack} mm: spingerla indietro nel cappuccio`,
          en: `it is not set back ${CASE.hoods.setBack} mm: push it back into its hood`,
        },
      },
    ],
  },
  {
    id: "mounting",
    title: { it: "Installare", en: "Mount it" },
    parts: [],
    shows: {
      it: "Di lato le altezze da terra; dall'alto la linea sul pavimento che tiene lontano chi aspetta.",
      en: "From the side the heights above the floor; from above the line on the floor that keeps those who wait away.",
    },
    picture: mountingPicture,
    actions: [
      {
        it: "Scegliere l'uscita, non lo sportello: nessun operatore deve vedere i tasti.",
        en: "Choose the exit, not the desk: no member of staff may see the keys.",
      },
      {
        it: `Fissare la base a parete e al pavimento con quattro tasselli adatti al pavimento; il bordo inferiore della piastra a ${plate.lowerEdgeAboveFloor} mm da terra.`,
        en: `Fix the base to wall and floor with four anchors that suit the floor; the plate's lower edge ${plate.lowerEdgeAboveFloor} mm above the floor.`,
      },
      {
        it: `Lasciare davanti e di fianco lo spazio per una sedia a ruote, che si accosta di lato; segnare sul pavimento una linea a ${bystander.aside} mm dal centro.`,
        en: `Leave room in front and beside for a wheelchair, which comes alongside; mark a line on the floor ${bystander.aside} mm from the middle.`,
      },
      {
        it: `La base arriva a terra ed è larga ${stand.width} mm: un bastone bianco la trova prima delle mani.`,
        en: `The base goes down to the floor and is ${stand.width} mm wide: a white cane finds it before hands do.`,
      },
    ],
    checks: [
      {
        it: `Il comando più alto è a ${HIGHEST.toFixed(0)} mm, il più basso a ${LOWEST.toFixed(0)} mm: devono stare fra ${LIMITS.reachLowest.value} e ${LIMITS.reachHighest.value} mm (${LIMITS.reachHighest.clause}). Misurarli sul posto e scriverli.`,
        en: `The highest control is at ${HIGHEST.toFixed(0)} mm, the lowest at ${LOWEST.toFixed(0)} mm: they must be between ${LIMITS.reachLowest.value} and ${LIMITS.reachHighest.value} mm (${LIMITS.reachHighest.clause}). Measure them on the spot and write them down.`,
      },
      {
        it: `Da ${LIMITS.seatedEye.value} mm di altezza i pittogrammi si leggono, senza riflessi (${LIMITS.seatedEye.clause}).`,
        en: `From eyes at ${LIMITS.seatedEye.value} mm the pictograms are legible, without glare (${LIMITS.seatedEye.clause}).`,
      },
    ],
    troubles: [
      {
        sign: { it: "La cassa oscilla", en: "The case sways" },
        cure: {
          it: "tasselli non adatti al pavimento: rifarli",
          en: "anchors do not suit the floor: do them again",
        },
      },
    ],
  },
  {
    id: "first-power-on",
    title: { it: "Prima accensione", en: "First power-on" },
    parts: ["M1", "G1", LIGHT_REFS.showReceipt],
    shows: {
      it: `Il totem pronto: è acceso solo ${LIGHT_REFS.showReceipt}, «mostri la ricevuta».`,
      en: `The totem is ready: only ${LIGHT_REFS.showReceipt}, "show your receipt", is lit.`,
    },
    picture: firstPowerPicture,
    actions: [
      {
        it: "Inserire M1, preparata per questo totem (`hardware/guides/install.it.md`); collegare la rete; dare corrente.",
        en: "Insert M1, prepared for this totem (`hardware/guides/install.en.md`); connect the network; switch on.",
      },
      {
        it: "Aspettare. All'avvio nessuna lampada deve lampeggiare da sola.",
        en: "Wait. While it starts no lamp must flash by itself.",
      },
    ],
    checks: [
      {
        it: `${LIGHT_REFS.showReceipt} è acceso, le facce sono spente.`,
        en: `${LIGHT_REFS.showReceipt} is lit, the faces are dark.`,
      },
      {
        it: "Un codice del foglio di prova dà «Non accettato».",
        en: 'A code of the test sheet gives "Not accepted".',
      },
    ],
    troubles: [
      {
        sign: { it: "Tutto resta spento", en: "All stays dark" },
        cure: { it: "M1 non preparata, o J2 non inserito", en: "M1 not prepared, or J2 not plugged in" },
      },
      {
        sign: { it: "Il codice non dà risposta", en: "The code gets no answer" },
        cure: {
          it: "il lettore non manda nulla: si torni al passo del lettore",
          en: "the scanner sends nothing: go back to the scanner's step",
        },
      },
    ],
  },
  {
    id: "self-test",
    title: { it: "Autodiagnosi", en: "Self-test" },
    parts: [KEY_REFS.service],
    shows: {
      it: `I tasti nell'ordine in cui vanno premuti; l'ultimo, ${KEY_REFS.service}, è dentro la cassa.`,
      en: `The keys in the order in which they are pressed; the last, ${KEY_REFS.service}, is inside the case.`,
    },
    picture: selfTestPicture,
    actions: [
      {
        it: `Aprire lo sportello e premere ${KEY_REFS.service}: il totem passa in modalità di prova, in cui nessun voto conta, e l'autodiagnosi comincia.`,
        en: `Open the door and press ${KEY_REFS.service}: the totem changes to test mode, in which no vote counts, and the self-test begins.`,
      },
      {
        it: `Premere i ${KEYS.length} tasti uno per volta, nell'ordine della figura; poi seguire la voce per lampade, pittogrammi, cicalino, voce e lettore.`,
        en: `Press the ${KEYS.length} keys one at a time, in the picture's order; then follow the voice for lamps, pictograms, buzzer, voice and scanner.`,
      },
      {
        it: "Per il lettore va bene qualunque codice del foglio di prova.",
        en: "For the scanner any code of the test sheet will do.",
      },
      {
        it: "Stampare e firmare il verbale: sul totem è in `/data/faccine/reports`, in italiano e in inglese; lo legge solo l'utente del totem, o `sudo`.",
        en: "Print and sign the readiness report: on the totem it is in `/data/faccine/reports`, in Italian and English; only the totem's user, or `sudo`, can read it.",
      },
      {
        it: `Alla fine premere di nuovo ${KEY_REFS.service} per tornare in esercizio, e chiudere a chiave.`,
        en: `At the end press ${KEY_REFS.service} again to go live, and lock the door.`,
      },
    ],
    checks: [
      {
        it: "L'autodiagnosi è superata; il verbale è firmato e conservato.",
        en: "The self-test is passed; its report is signed and kept.",
      },
      {
        it: "Dopo l'ultimo passo il totem è in esercizio, non in prova.",
        en: "After the last step the totem is live, not in test mode.",
      },
    ],
    troubles: [
      {
        sign: { it: "Un tasto manca", en: "A key is missing" },
        cure: {
          it: "il suo filo in J1: tabella del cablaggio dei tasti",
          en: "its wire in J1: table of the keys' harness",
        },
      },
      {
        sign: { it: "Si accende la lampada sbagliata", en: "The wrong lamp lights" },
        cure: {
          it: "due vie di J2 scambiate: tabella dei comandi",
          en: "two ways of J2 exchanged: table of the drivers",
        },
      },
    ],
  },
];
