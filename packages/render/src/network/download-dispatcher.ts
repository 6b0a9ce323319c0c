import { type LookupAddress, lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { PlumblineError } from '@plumbline/errors';
import { isForbiddenAddress } from '@plumbline/git';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** How to reach a host. The certificate and key are shown to it; the rest says what to trust and the way. */
export interface DownloadTrust {
  /** Skip verification of the server's certificate. */
  insecure?: boolean;
  /** PEM bundle to trust instead of the well-known authorities. */
  certificateAuthority?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
  proxy?: string;
  noProxy?: string;
}

/** The refusal of an address. */
export function forbiddenAddress(host: string, address: string): PlumblineError {
  const place = host === address ? host : `${host} (${address})`;
  return new PlumblineError('DOWNLOAD_FORBIDDEN', `${place} is a link-local or metadata address`, {
    retry: 'terminal',
    hint: 'downloads never go to addresses that answer with the identity of a machine',
  });
}

/** Resolves a name and refuses it where any of its addresses is forbidden: the connection goes to what was checked. */
const guardedLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '');
    const bad = addresses.find(({ address }) => isForbiddenAddress(address));
    if (bad) return done(forbiddenAddress(host, bad.address), '');
    const [first] = addresses;
    if (options.all || !first) return done(null, addresses);
    return done(null, first.address, first.family);
  });
};

/** Checks a name before it is handed to a proxy, which resolves it on its own. A name unknown here is the proxy's to judge. */
export function checkName(host: string): Promise<void> {
  return new Promise((checked, refuse) => {
    resolve(host, { all: true }, (error, addresses) => {
      const bad = error ? undefined : addresses.find(({ address }) => isForbiddenAddress(address));
      if (bad) refuse(forbiddenAddress(host, bad.address));
      else checked();
    });
  });
}

/** Connections of one download. The caller closes it. */
export function downloadDispatcher(trust: DownloadTrust, connectTimeoutMs: number): Dispatcher {
  const tls = {
    rejectUnauthorized: !trust.insecure,
    ...(trust.certificateAuthority ? { ca: trust.certificateAuthority } : {}),
    ...(trust.tlsClientCert ? { cert: trust.tlsClientCert } : {}),
    ...(trust.tlsClientKey ? { key: trust.tlsClientKey } : {}),
  };
  const direct = { connect: { ...tls, lookup: guardedLookup, timeout: connectTimeoutMs } };
  if (!trust.proxy) return new Agent(direct);
  return new EnvHttpProxyAgent({
    ...direct,
    httpProxy: trust.proxy,
    httpsProxy: trust.proxy,
    noProxy: trust.noProxy ?? '',
    requestTls: tls,
  });
}
