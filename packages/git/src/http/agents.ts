import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { guardedLookup } from '../network/guard.ts';
import type { RepositoryAccess } from '../types.ts';

/** Connections with a repository's TLS and proxy settings, kept alive. */
interface Agents {
  agentFor(url: string): HttpAgent;
  close(): void;
}

type AgentSettings = Pick<
  RepositoryAccess,
  'foreign' | 'insecure' | 'certificateAuthority' | 'tlsClientCert' | 'tlsClientKey' | 'proxy' | 'noProxy'
>;

/** The agents for both schemes. */
export function createAgents(access: AgentSettings): Agents {
  const proxyEnv = access.proxy
    ? { HTTP_PROXY: access.proxy, HTTPS_PROXY: access.proxy, NO_PROXY: access.noProxy ?? '' }
    : process.env;
  const guard = access.foreign ? { lookup: guardedLookup } : {};
  const common = { keepAlive: true, maxSockets: 8, proxyEnv, ...guard };
  const plain = new HttpAgent(common);
  const secure = new HttpsAgent({
    ...common,
    rejectUnauthorized: !access.insecure,
    ...(access.certificateAuthority ? { ca: access.certificateAuthority } : {}),
    ...(access.tlsClientCert ? { cert: access.tlsClientCert } : {}),
    ...(access.tlsClientKey ? { key: access.tlsClientKey } : {}),
  });
  return {
    agentFor: (url) => (url.startsWith('https:') ? secure : plain),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/**
 * The settings that may go to another address: the proxy always, trust and client certificate to the same host only. What is
 * at another host is foreign: a server's answer has named it.
 */
export function agentSettingsFor(url: string, access: RepositoryAccess): AgentSettings {
  if (URL.canParse(access.url) && new URL(access.url).host === new URL(url).host) return access;
  const { proxy, noProxy } = access;
  return { foreign: true, ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
}
