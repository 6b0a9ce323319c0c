import { readFile } from 'node:fs/promises';
import { Fatal } from '../fatal.ts';

/** Flags that say how requests travel. */
export interface TransportOptions {
  /** The certificate of the server is not checked. */
  insecure?: boolean | undefined;
  /** PEM file with the certificate of the server, or of who signed it. */
  serverCrt?: string;
  /** The same as base64, from the configuration file. */
  caData?: string | undefined;
  /** PEM files with the certificate to show to the server, and its key. */
  clientCrt?: string;
  clientCrtKey?: string;
  /** `Name: value` each. */
  header?: string[];
  /** How often a request is sent again that did not reach the server. */
  httpRetryMax?: number;
  loglevel?: string;
}

async function pem(path: string | undefined, flag: string): Promise<Buffer | undefined> {
  if (!path) return undefined;
  return readFile(path).catch((error: Error) => {
    throw new Fatal(`cannot read ${path}: ${error.message}`, { next: `name another file with ${flag}`, exitCode: 1 });
  });
}

function headersOf(texts: string[] | undefined): [string, string][] {
  return (texts ?? []).map((text) => {
    const colon = text.indexOf(':');
    if (colon < 1) throw new Fatal(`"${text}" is no header`, { next: 'write it as "Name: value"', exitCode: 1 });
    return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  });
}

/** The text of the file that --server-crt names, as the configuration file keeps it. */
export async function trustedAuthority({ serverCrt }: TransportOptions): Promise<string | undefined> {
  return (await pem(serverCrt, '--server-crt'))?.toString('base64');
}

/** fetch over connections with other certificates; the usual one where nothing is said about them. */
async function connecting({
  insecure,
  serverCrt,
  caData,
  clientCrt,
  clientCrtKey,
}: TransportOptions): Promise<typeof fetch> {
  const [named, cert, key] = await Promise.all([
    pem(serverCrt, '--server-crt'),
    pem(clientCrt, '--client-crt'),
    pem(clientCrtKey, '--client-crt-key'),
  ]);
  const ca = named ?? (caData ? Buffer.from(caData, 'base64') : undefined);
  if (!insecure && !ca && !cert) return fetch;
  const { Agent, fetch: fetchBy } = await import('undici');
  const { rootCertificates } = await import('node:tls');
  const trusted = ca ? { ca: [...rootCertificates, ca.toString()] } : {};
  const own = { ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const dispatcher = new Agent({ connect: { rejectUnauthorized: !insecure, ...trusted, ...own } });
  // The same interface, by the same authors as that of Node.
  const run = (input: string, init: object) => fetchBy(input, { ...init, dispatcher });
  return run as unknown as typeof fetch;
}

/** fetch as the flags want it; undefined where they want nothing. Throws Fatal for a header or file that is none. */
export async function fetchFor(options: TransportOptions): Promise<typeof fetch | undefined> {
  const added = headersOf(options.header);
  const run = await connecting(options);
  const { httpRetryMax: retries = 0, loglevel } = options;
  if (run === fetch && added.length === 0 && retries === 0 && loglevel !== 'debug') return undefined;
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of added) headers.append(name, value);
    for (let attempt = 0; ; attempt += 1) {
      try {
        const response = await run(input, { ...init, headers });
        if (loglevel === 'debug')
          process.stderr.write(`debug: ${init?.method ?? 'GET'} ${input} → ${response.status}\n`);
        return response;
      } catch (error) {
        // Only what changes nothing may be sent twice.
        if (attempt >= retries || (init?.method ?? 'GET') !== 'GET' || init?.signal?.aborted) throw error;
      }
    }
  };
}
