import { PlumblineError } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import { accessDigest } from '../charts/digests.ts';
import type { ChartAccess } from '../charts/types.ts';
import { type GuardedResponse, guardedFetch, publicUrl } from '../network/guarded-fetch.ts';
import { badAnswer, challengeOf, parseJson } from './oci-answers.ts';

/** A repository of a registry. */
export interface OciPlace {
  /** `host[:port]`. */
  host: string;
  /** Path of the repository in the registry. */
  name: string;
}

/** What is asked of a registry, beside the URL. */
export interface Asking {
  place: OciPlace;
  access: ChartAccess;
  maxBytes: number;
  accept?: string;
  signal?: AbortSignal | undefined;
}

/** Asks a registry with the access given. Throws `DOWNLOAD_*`. */
export type AskRegistry = (url: string, asking: Asking) => Promise<GuardedResponse>;

interface Token {
  /** For `Authorization`. */
  header: string;
  /** Milliseconds since 1970. */
  until: number;
}

const maxTokenBytes = 4 * 1024 * 1024;

function withoutCredentials(access: ChartAccess): ChartAccess {
  const { username: _username, password: _password, bearerToken: _token, ...rest } = access;
  return rest;
}

function refused(url: string, hint: string): PlumblineError {
  return new PlumblineError('DOWNLOAD_AUTHENTICATION', `${publicUrl(url)} refuses the credentials`, { hint });
}

/** Where a registry gives out tokens for a repository, by its `WWW-Authenticate`. */
function tokenUrl(url: string, header: string, place: OciPlace): string {
  const { scheme, parameters } = challengeOf(header);
  if (scheme !== 'bearer' || !parameters['realm'] || !URL.canParse(parameters['realm'])) {
    throw refused(url, 'check username and password in the Secret of the repository');
  }
  const realm = new URL(parameters['realm']);
  if (realm.protocol !== 'https:' && !url.startsWith('http:')) {
    throw badAnswer(url, 'wants tokens to be fetched without encryption');
  }
  if (parameters['service']) realm.searchParams.set('service', parameters['service']);
  realm.searchParams.set('scope', parameters['scope'] || `repository:${place.name}:pull`);
  return realm.href;
}

async function fetchToken(url: string, { access, signal }: Asking): Promise<{ token: string; seconds: number }> {
  const { body } = await guardedFetch(url, { maxBytes: maxTokenBytes, access, signal });
  const answer = parseJson(url, body);
  const token = answer['token'] ?? answer['access_token'];
  if (typeof token !== 'string' || token === '') throw badAnswer(url, 'gave no token');
  return { token, seconds: typeof answer['expires_in'] === 'number' ? answer['expires_in'] : 60 };
}

function send(url: string, asking: Asking, authorization: string | undefined): Promise<GuardedResponse> {
  return guardedFetch(url, {
    maxBytes: asking.maxBytes,
    timeoutMs: 120_000,
    access: authorization ? withoutCredentials(asking.access) : asking.access,
    headers: { accept: asking.accept ?? '*/*', ...(authorization ? { authorization } : {}) },
    statuses: [200, 401],
    signal: asking.signal,
  });
}

/** Basic credentials, or where a registry wants them changed into a token that: it is kept for as long as it holds. */
export function createAskRegistry(clock: () => number): AskRegistry {
  const tokens = boundedMap<string, Token>(1_000);

  return async (url, asking) => {
    const key = `${asking.place.host}/${asking.place.name} ${accessDigest(asking.access)}`;
    const token = tokens.get(key);
    const known = token && token.until > clock() ? token.header : undefined;
    const first = await send(url, asking, known);
    if (first.status !== 401) return first;
    const source = tokenUrl(url, first.headers['www-authenticate'] ?? '', asking.place);
    const fetched = await fetchToken(source, asking);
    const header = `Bearer ${fetched.token}`;
    tokens.set(key, { header, until: clock() + (fetched.seconds - 10) * 1000 });
    const second = await send(url, asking, header);
    if (second.status !== 401) return second;
    throw refused(url, 'check that the user of the Secret may pull');
  };
}
