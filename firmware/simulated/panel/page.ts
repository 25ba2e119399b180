export function panelPage(_: unknown): string {
  return "<!doctype html><title>panel</title>";
}
