/**
 * Where a browser is sent on after signing in: a path of this gateway, and never anywhere else. Pure.
 */

/** Longer than any address our pages make. */
const NEXT_MAX = 1_000;
/** Going there would undo the sign-in, or ask for it again. */
const NOT_AGAIN = ["/sign-in", "/sign-out", "/enter", "/invite", "/first-account"];

/** The path and query that a text names, or `/` for everything that is not plainly one of ours. */
export function nextPath(text: unknown): string {
  if (typeof text !== "string" || text.length > NEXT_MAX) return "/";
  // Browsers read `\` as `/`, drop tabs and newlines, and take what follows two slashes for a host.
  if (!/^\/(?![/\\])[!-[\]-~]*$/.test(text)) return "/";
  const url = URL.parse(text, "http://gateway.invalid");
  if (url === null || url.origin !== "http://gateway.invalid" || url.pathname.startsWith("//")) return "/";
  return NOT_AGAIN.includes(url.pathname) ? "/" : `${url.pathname}${url.search}`;
}

/** The way to the sign-in page and back to a path. */
export function signInPath(next: string, language: string): string {
  const path = nextPath(next);
  const way = path === "/" ? "" : `&next=${encodeURIComponent(path)}`;
  return `/sign-in?lang=${language}${way}`;
}
