/**
 * Sends a message on its channel, once: a webhook signed with a shared secret, or a mail. Says why when it cannot.
 */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Transporter } from "nodemailer";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Channel, Delivery } from "../store/delivery-store.ts";

/** Whoever takes a message takes it at once. */
const TIMEOUT_MS = 10_000;

export type Send = (message: Pick<Delivery, "subject" | "body" | "key">) => Promise<void>;

/** @throws for a file of secrets that is not there: with its name, before anything has to be told. */
export function openSenders({
  webhook,
  mail,
}: GatewaySettings["alerts"]): Readonly<Partial<Record<Channel, Send>>> {
  return {
    ...(webhook === null ? {} : { webhook: webhookSender(webhook.url, secretIn(webhook.secretFile)) }),
    ...(mail === null ? {} : { mail: mailSender(mail, secretIn(mail.urlFile)) }),
  };
}

function webhookSender(url: string, secret: string): Send {
  return async ({ body }) => {
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-faccine-signature": `sha256=${signature}` },
      body,
      // A redirect could lead it to somebody else.
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
  };
}

function mailSender({ from, to }: NonNullable<GatewaySettings["alerts"]["mail"]>, url: string): Send {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["smtp:", "smtps:"].includes(parsed.protocol))
    throw new Error("alerts.mail.urlFile: must hold an address such as smtps://name:password@mail.example");
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(parsed.hostname);
  const options = {
    ...{
      host: parsed.hostname.replace(/^\[|\]$/g, ""),
      port: Number(parsed.port) || (parsed.protocol === "smtps:" ? 465 : 587),
    },
    ...{
      secure: parsed.protocol === "smtps:",
      requireTLS: !isLocal,
      ignoreTLS: isLocal && parsed.protocol === "smtp:",
    },
    ...(parsed.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) } }),
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  };
  let transport: Transporter | null = null;
  return async ({ subject, body }) => {
    // Loaded with the first mail: most days there is none.
    transport ??= (await import("nodemailer")).createTransport(options);
    await transport.sendMail({ from, to: [...to], subject, text: body });
  };
}

function secretIn(file: string): string {
  return readFileSync(file, "utf8").trim();
}
