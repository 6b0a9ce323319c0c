import type { IncomingMessage } from 'node:http';
import type { OidcSettings } from '@plumbline/settings';
import { moduleFor, routed } from './routed-request.ts';

/** As much of `fetch` as the libraries of OpenID Connect use. */
export type ProviderFetch = (
  url: string,
  init: {
    method?: string;
    headers?: Headers | Record<string, string>;
    body?: unknown;
    signal?: AbortSignal | null | undefined;
  },
) => Promise<Response>;

/** Answers of providers are small: documents, keys and tokens. */
const maxBytes = 1 << 20;

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxBytes) throw new Error('the answer of the identity provider is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headersDistinct)) {
    for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

/** Requests to the provider by the route of the settings; undefined where there is none and the usual way will do. */
export function providerFetch({ issuer, route }: Pick<OidcSettings, 'issuer' | 'route'>): ProviderFetch | undefined {
  if (route.origin === undefined && route.certificateAuthority === undefined && route.verifyCertificate)
    return undefined;
  return async (address, { method = 'GET', headers, body, signal }) => {
    const asked = new URL(address);
    const { url, options } = routed(asked, issuer, route);
    const sent = { ...Object.fromEntries(new Headers(headers)), host: asked.host };
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const wanted = { ...options, method, headers: sent, ...(signal ? { signal } : {}) };
      const request = moduleFor(url).request(url, wanted, resolve);
      request.once('error', reject);
      request.end(body === undefined || body === null ? undefined : String(body));
    });
    const bytes = await bodyOf(message);
    const { statusCode: status = 502 } = message;
    const bare = status === 204 || status === 304;
    return new Response(bare ? null : new Uint8Array(bytes), { status, headers: headersOf(message) });
  };
}
