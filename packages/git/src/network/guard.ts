import { type LookupAddress, lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { PlumblineError } from '@plumbline/errors';
import { isForbiddenAddress } from './forbidden-addresses.ts';

/** The refusal of a place that the content of a repository, or an answer of a server, names. */
function addressForbidden(host: string, address = host): PlumblineError {
  const place = host === address ? host : `${host} (${address})`;
  return new PlumblineError('GIT_ADDRESS_FORBIDDEN', `${place} is a link-local or metadata address`, {
    retry: 'terminal',
    hint: 'nothing is read from addresses that answer with the identity of a machine: correct the address',
    details: { host },
  });
}

/** Resolves a name for a connection, and refuses it where any of its addresses is forbidden. */
export const guardedLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '');
    const bad = addresses.find(({ address }) => isForbiddenAddress(address));
    if (bad) return done(addressForbidden(host, bad.address), '');
    const [first] = addresses;
    if (options.all || !first) return done(null, addresses);
    return done(null, first.address, first.family);
  });
};

/**
 * The addresses of a host, none of which is forbidden. None where the name is unknown here: then there is no connection, or a
 * proxy makes it. Throws `GIT_ADDRESS_FORBIDDEN`.
 */
export function checkHost(host: string): Promise<readonly string[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(bare)) return Promise.reject(addressForbidden(host));
  if (isIP(bare) !== 0) return Promise.resolve([bare]);
  return new Promise((checked, refuse) => {
    resolve(bare, { all: true }, (error, addresses) => {
      const bad = error ? undefined : addresses.find(({ address }) => isForbiddenAddress(address));
      if (bad) refuse(addressForbidden(host, bad.address));
      else checked(error ? [] : addresses.map(({ address }) => address));
    });
  });
}

/** The host that a repository URL goes to, with the port of http; undefined for one on disk. */
export function hostOfRepository(url: string): { host: string; port: number | undefined } | undefined {
  const scpLike = /^(?:[^@/]+@)?(\[[^\]]+\]|[^:/]+):(?!\/\/)/.exec(url)?.[1];
  if (scpLike !== undefined) return { host: scpLike, port: undefined };
  const { hostname, port, protocol } = new URL(url);
  if (hostname === '' || protocol === 'file:') return undefined;
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}
