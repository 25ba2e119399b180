/**
 * The pages of the gateway that its menu leads to, in their order, and who may use each. A page is added by a line here and a route that
 * `page-door.ts` guards with the same scope: a link that leads to a refusal is worse than none. Pure.
 */
import type { Scope } from "../access/tokens.ts";
import type { PageLanguage } from "./page-words.ts";

export type MenuEntry = {
  readonly path: string;
  readonly words: Readonly<Record<PageLanguage, string>>;
  /** What the reader must be allowed to do; null for everybody who is signed in. */
  readonly scope: Scope | null;
  /** `pages` are the menu; `person` stands beside the language: what concerns who is signed in. */
  readonly group: "pages" | "person";
};

export const MENU: readonly MenuEntry[] = [
  { path: "/", words: { it: "Oggi", en: "Today" }, scope: null, group: "pages" },
  { path: "/trends", words: { it: "Andamento", en: "Trends" }, scope: "reports", group: "pages" },
  { path: "/fleet", words: { it: "Totem", en: "Totems" }, scope: "fleet", group: "pages" },
  { path: "/alarms", words: { it: "Allarmi", en: "Alarms" }, scope: "fleet", group: "pages" },
  { path: "/files", words: { it: "File", en: "Files" }, scope: "reports", group: "pages" },
  { path: "/accounts", words: { it: "Account", en: "Accounts" }, scope: "admin", group: "pages" },
  { path: "/tokens", words: { it: "Token", en: "Tokens" }, scope: "admin", group: "pages" },
  { path: "/audit", words: { it: "Registro", en: "Log" }, scope: "admin", group: "pages" },
  { path: "/account", words: { it: "Il tuo account", en: "Your account" }, scope: null, group: "person" },
  { path: "/sign-out", words: { it: "Esci", en: "Sign out" }, scope: null, group: "person" },
];

/** The entries of a group that somebody with these scopes may use. */
export function menuFor(scopes: readonly string[], group: MenuEntry["group"]): readonly MenuEntry[] {
  return MENU.filter(
    (entry) => entry.group === group && (entry.scope === null || scopes.includes(entry.scope)),
  );
}
