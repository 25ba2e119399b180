/**
 * How the provider is asked: whole answers of a known size, no redirects, and one error for every way of not answering.
 */

/** Its keys and its word about a person are a few thousand bytes; some list hundreds of groups. */
export const ANSWER_BYTES_MAX = 1_048_576;

/** The provider does not answer, or with more than it may. */
export class ProviderSilent extends Error {}

type Ask = {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};

/** As `fetch`. @throws ProviderSilent and nothing else. */
export async function boundedFetch(url: string, { method, headers, body, signal }: Ask): Promise<Response> {
  try {
    const response = await fetch(url, {
      ...{ method, headers, redirect: "manual" },
      ...(body === undefined ? {} : { body: body as BodyInit }),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = await wholeBody(response);
    return new Response(bytes.length === 0 ? null : bytes, {
      ...{ status: response.status, headers: response.headers },
    });
  } catch (error) {
    throw new ProviderSilent(reasonOf(error as Error), { cause: error });
  }
}

async function wholeBody({ body }: Response): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    // Leaving the loop ends the connection.
    if (size > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
