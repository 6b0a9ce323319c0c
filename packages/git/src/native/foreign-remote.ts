import { PlumblineError } from '@plumbline/errors';
import { send } from '../http/send.ts';
import { checkHost, hostOfRepository } from '../network/guard.ts';
import { authorizationOf } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';

const mostRedirects = 5;
const redirects = [301, 302, 303, 307, 308];
const discovery = '/info/refs?service=git-upload-pack';

/**
 * Checks the host of a repository, and gives what makes git connect to the addresses that were checked where nobody but
 * another repository chose it. git resolves no name again: it knows `http.curloptResolve`. Throws `GIT_ADDRESS_FORBIDDEN`.
 */
export async function guardedEnvironment(url: string, access: RepositoryAccess): Promise<Record<string, string>> {
  const place = hostOfRepository(url);
  if (!place) return {};
  const addresses = await checkHost(place.host);
  if (!access.foreign) return {};
  if (place.port === undefined || addresses.length === 0 || access.proxy || addresses[0] === place.host) return {};
  const pinned = addresses.map((address) => (address.includes(':') ? `[${address}]` : address)).join(',');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.curloptResolve',
    GIT_CONFIG_VALUE_0: `${place.host}:${place.port}:${pinned}`,
  };
}

function refused(url: string, reason: string): PlumblineError {
  return new PlumblineError('GIT_ADDRESS_FORBIDDEN', `${url} is not read: ${reason}`, {
    retry: 'terminal',
    hint: 'write the address that it leads to, if that is right',
    details: { repository: url },
  });
}

/**
 * Where the server says that the repository is. Every host on the way is checked, nothing leads from https to http, and
 * with credentials nothing leads to another server. Throws `GIT_ADDRESS_FORBIDDEN`, or what the connection throws.
 */
export async function followRedirects(url: string, access: RepositoryAccess): Promise<string> {
  const authorization = authorizationOf(access);
  const { origin } = new URL(url);
  let place = `${url}${discovery}`;
  for (let count = 0; count < mostRedirects; count += 1) {
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const answer = await send(place, { method: 'GET', headers, access: { ...access, foreign: true } }, async (got) => ({
      status: got.status,
      location: got.headers.location,
    }));
    if (!redirects.includes(answer.status) || !answer.location) return place.slice(0, -discovery.length);
    const next = new URL(answer.location, place);
    if (!next.href.endsWith(discovery)) throw refused(url, `it redirects to ${next.host}, which is no repository`);
    const weaker = new URL(place).protocol === 'https:' && next.protocol !== 'https:';
    if (weaker || !['http:', 'https:'].includes(next.protocol)) throw refused(url, 'it redirects to what is no https');
    if (authorization && next.origin !== origin) throw refused(url, `it redirects to another server, ${next.host}`);
    place = next.href;
  }
  throw refused(url, `it redirects more than ${mostRedirects} times`);
}
