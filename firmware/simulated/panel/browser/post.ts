/**
 * Asks something of the totem. What comes back is data, never markup.
 */

export type Answer =
  | { readonly ok: true; readonly body: unknown }
  /** Status 0: nobody answered. */
  | { readonly ok: false; readonly status: number; readonly message: string };

export async function post(action: string, body: object): Promise<Answer> {
  try {
    const response = await fetch(`/panel/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, body: answer };
    const { message } = (answer ?? {}) as { message?: unknown };
    return { ok: false, status: response.status, message: String(message ?? response.status) };
  } catch {
    return { ok: false, status: 0, message: "" };
  }
}
