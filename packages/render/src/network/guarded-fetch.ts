import { errorMessage, PlumblineError } from '@plumbline/errors';
import { isForbiddenAddress } from '@plumbline/git';
import { type Dispatcher, request } from 'undici';
import { checkName, type DownloadTrust, downloadDispatcher, forbiddenAddress } from './download-dispatcher.ts';

/** Who asks, and how the host is reached. A repository's access fits as it is. */
export interface DownloadAccess extends DownloadTrust {
  username?: string;
  password?: string;
  bearerToken?: string;
}

export interface GuardedFetchOptions {
  /** Of the body. */
  maxBytes: number;
  /** For the whole download, redirects included. Default 60 s. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Default: https and http. */
  schemes?: readonly string[];
  access?: DownloadAccess;
  /** The only origin (`https://host:port`) that is shown credentials and client certificate. Default: that of the URL. */
  origin?: string;
  /** Show them to every host (Helm's `--pass-credentials`). */
  passCredentials?: boolean;
  /** Statuses that are answers, not failures. Default: 200. */
  statuses?: readonly number[];
}

export interface GuardedResponse {
  /** After redirects. */
  url: string;
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

const defaultTimeoutMs = 60_000;
const maxRedirects = 5;
const redirects = [301, 302, 303, 307, 308];

/** A URL as errors may show it: without user, password, query and fragment. */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function refuse(url: string, problem: string, hint?: string): PlumblineError {
  const more = hint === undefined ? {} : { hint };
  return new PlumblineError('DOWNLOAD_FORBIDDEN', `${publicUrl(url)} ${problem}`, { retry: 'terminal', ...more });
}

function checkUrl(url: string, schemes: readonly string[]): URL {
  if (!URL.canParse(url)) throw refuse(url, 'is no URL');
  const parsed = new URL(url);
  const scheme = parsed.protocol.slice(0, -1);
  if (!['https', 'http'].includes(scheme) || !schemes.includes(scheme)) {
    throw refuse(url, `has the scheme ${scheme}, which is not allowed`, `allowed: ${schemes.join(', ')}`);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(host)) throw forbiddenAddress(host, host);
  return parsed;
}

function authorization(url: URL, access: DownloadAccess | undefined): Record<string, string> {
  if (access?.bearerToken) return { authorization: `Bearer ${access.bearerToken}` };
  const username = access?.username || decodeURIComponent(url.username);
  const password = access?.password || decodeURIComponent(url.password);
  if (!username && !password) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** What another host than the repository's is shown: nothing of the identity. */
function trustFor(known: boolean, access: DownloadAccess): DownloadTrust {
  if (known) return access;
  const { tlsClientCert: _cert, tlsClientKey: _key, ...rest } = access;
  return rest;
}

async function readBody(response: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new PlumblineError('DOWNLOAD_TOO_LARGE', `${publicUrl(url.href)} is larger than ${maxBytes} bytes`, {
      retry: 'terminal',
    });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    response.body.on('error', () => undefined).destroy();
    throw error;
  }
  return Buffer.concat(chunks, bytes);
}

interface Hop {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

function headersOf({ headers }: Dispatcher.ResponseData): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')]),
  );
}

async function hop(url: URL, known: boolean, options: GuardedFetchOptions & { signal: AbortSignal }): Promise<Hop> {
  const access = options.access ?? {};
  const trust = trustFor(known, access);
  if (trust.proxy) await checkName(url.hostname);
  const dispatcher = downloadDispatcher(trust, options.timeoutMs ?? defaultTimeoutMs);
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const { authorization: given, ...plain } = Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const secret = given ? { authorization: given } : authorization(url, access);
  const headers = { 'user-agent': 'plumbline', accept: '*/*', ...plain, ...(known ? secret : {}) };
  try {
    const response = await request(bare, { dispatcher, headers, signal: options.signal });
    const redirected = redirects.includes(response.statusCode);
    if (redirected) response.body.on('error', () => undefined).destroy();
    const body = redirected ? Buffer.alloc(0) : await readBody(response, url, options.maxBytes);
    return { status: response.statusCode, headers: headersOf(response), body };
  } finally {
    await dispatcher.destroy().catch(() => undefined);
  }
}

function unreachable(url: URL, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof PlumblineError) return cause;
  const text = errorMessage(error);
  const isPlain = /wrong version number|packet length too long/.test(text);
  const problem = isPlain ? 'it speaks no TLS' : text;
  return new PlumblineError('DOWNLOAD_FAILED', `${publicUrl(url.href)} cannot be reached: ${problem}`, {
    retry: 'transient',
    hint: isPlain
      ? 'of a registry without TLS set insecureOCIForceHttp in its Secret; of others use http in the URL'
      : 'check the address, its certificate and the network policy of the repo-server',
  });
}

function failedStatus(url: URL, { status, body }: Hop): PlumblineError {
  const said = body.subarray(0, 300).toString('utf8').replace(/\s+/g, ' ').trim();
  const denied = status === 401 || status === 403;
  return new PlumblineError(
    denied ? 'DOWNLOAD_AUTHENTICATION' : status === 404 ? 'DOWNLOAD_NOT_FOUND' : 'DOWNLOAD_FAILED',
    `${publicUrl(url.href)} answered ${status}${said && !said.startsWith('<') ? `: ${said}` : ''}`,
    {
      retry: status >= 500 || status === 429 ? 'transient' : 'terminal',
      ...(denied ? { hint: 'check the credentials in the Secret of the repository' } : {}),
      details: { status },
    },
  );
}

function nextUrl(url: URL, { headers }: Hop, schemes: readonly string[]): URL {
  const location = headers['location'];
  if (!location || !URL.canParse(location, url.href)) throw refuse(url.href, 'redirects to nowhere');
  const next = checkUrl(new URL(location, url).href, schemes);
  if (url.protocol === 'https:' && next.protocol !== 'https:') {
    throw refuse(url.href, `redirects to ${publicUrl(next.href)}, which is not encrypted`);
  }
  return next;
}

/**
 * Downloads by GET within limits of size and time. Names are resolved once and the connection goes to the addresses that
 * were checked, so that no name and no redirect leads to a link-local or metadata address; redirects stay within the
 * allowed schemes and never leave https. Credentials and client certificate are shown to one origin only.
 *
 * Throws `DOWNLOAD_FORBIDDEN`, `DOWNLOAD_TOO_LARGE`, `DOWNLOAD_AUTHENTICATION`, `DOWNLOAD_NOT_FOUND`, `DOWNLOAD_FAILED`.
 */
export async function guardedFetch(url: string, options: GuardedFetchOptions): Promise<GuardedResponse> {
  const schemes = options.schemes ?? ['https', 'http'];
  const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let place = checkUrl(url, schemes);
  const origin = options.origin ?? place.origin;
  for (let redirect = 0; redirect <= maxRedirects; redirect += 1) {
    const known = options.passCredentials === true || place.origin === origin;
    const answer = await hop(place, known, { ...options, signal }).catch((error: unknown) => {
      throw unreachable(place, error, options.signal);
    });
    if (!redirects.includes(answer.status)) {
      if (!(options.statuses ?? [200]).includes(answer.status)) throw failedStatus(place, answer);
      return { url: place.href, ...answer };
    }
    place = nextUrl(place, answer, schemes);
  }
  throw refuse(url, `redirects more than ${maxRedirects} times`);
}
