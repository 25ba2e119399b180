/**
 * Finds and changes parts of the page. Text goes in as text only; nothing here can make markup of it.
 */

/** The element with an id. @throws when page and script do not belong together. */
export function byId<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`this page has no ${type.name} #${id}`);
}

/** Changes a text only when it differs, so that a screen reader says nothing twice. */
export function setText(id: string, text: string): void {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides an element. */
export function setShown(id: string, shown: boolean): void {
  byId(id, HTMLElement).hidden = !shown;
}

/** Puts a check mark where the state has one; not under a finger that is just changing it. */
export function setChecked(id: string, checked: boolean): void {
  const box = byId(id, HTMLInputElement);
  if (box.dataset["asking"] === undefined) box.checked = checked;
}
