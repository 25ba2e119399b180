/**
 * The desk: prints receipts and keeps the last ones in hand, so that one can be shown twice.
 */
import type { PanelState } from "#schemas/panel.ts";
import type { PageWords } from "../page-words.ts";
import type { Ask } from "./controls.ts";
import { byId, setShown } from "./elements.ts";
import { type HeldReceipt, receiptsFrom, withReceipt } from "./receipts.ts";

/** Kept with the tab only, so that changing the language does not take the receipts out of somebody's hand. */
const KEPT = "faccine-receipts";

export type Desk = {
  readonly held: () => readonly HeldReceipt[];
  readonly offer: (services: PanelState["services"]) => void;
};

export function openDesk(parts: {
  readonly ask: Ask;
  readonly scan: (code: string, glued?: string) => Promise<void>;
  readonly words: PageWords;
}): Desk {
  const { ask, scan, words } = parts;
  let held = receiptsFrom(sessionStorage.getItem(KEPT));
  const hold = (receipts: readonly HeldReceipt[]) => {
    held = receipts;
    sessionStorage.setItem(KEPT, JSON.stringify(held));
    showReceipts(held, words, scan);
  };
  document.getElementById("print")?.addEventListener("click", async () => {
    const service = byId("service", HTMLSelectElement).value;
    const printed = await ask("ticket", { service }, words.panel.desk.noPrint);
    if (printed === null) return;
    hold(withReceipt(held, { code: (printed as { code: string }).code, service }));
    document.querySelector<HTMLElement>("#receipts .receipt-scan")?.focus();
  });
  byId("scan-both", HTMLButtonElement).addEventListener("click", () => {
    const [newest, before] = held;
    if (newest !== undefined && before !== undefined) void scan(before.code, newest.code);
  });
  showReceipts(held, words, scan);
  return { held: () => held, offer: offerServices };
}

function showReceipts(
  held: readonly HeldReceipt[],
  { panel }: PageWords,
  scan: (code: string) => Promise<void>,
): void {
  const template = byId("receipt", HTMLTemplateElement);
  const items = held.map(({ number, code, service }) => {
    const item = template.content.cloneNode(true) as DocumentFragment;
    const title = `${panel.desk.receipt} ${number}`;
    const part = <T extends HTMLElement>(name: string) => item.querySelector(`.${name}`) as T;
    part("receipt-title").textContent = title;
    part("receipt-service").textContent = service;
    const text = part<HTMLInputElement>("receipt-code");
    text.value = code;
    text.id = `receipt-code-${number}`;
    text.setAttribute("aria-label", `${panel.desk.code}, ${title}`);
    const button = part<HTMLButtonElement>("receipt-scan");
    button.id = `receipt-scan-${number}`;
    button.setAttribute("aria-label", `${button.textContent}: ${title}`);
    button.addEventListener("click", () => void scan(code));
    return item;
  });
  byId("receipts", HTMLOListElement).replaceChildren(...items);
  setShown("receipts", held.length > 0);
  setShown("no-receipts", held.length === 0);
  setShown("glue-receipts", held.length > 1);
}

function offerServices(services: readonly string[]): void {
  const select = document.getElementById("service");
  if (!(select instanceof HTMLSelectElement)) return;
  const offered = [...select.options].map((option) => option.value);
  if (offered.join() === services.join()) return;
  const chosen = select.value;
  select.replaceChildren(...services.map((service) => new Option(service)));
  if (services.includes(chosen)) select.value = chosen;
  setShown("no-services", services.length === 0);
}
