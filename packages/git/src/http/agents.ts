import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { RepositoryAccess } from '../types.ts';

/** Connections with a repository's TLS and proxy settings, kept alive. */
export interface Agents {
  agentFor(url: string): HttpAgent;
  close(): void;
}

type AgentSettings = Pick<
  RepositoryAccess,
  'insecure' | 'certificateAuthority' | 'tlsClientCert' | 'tlsClientKey' | 'proxy' | 'noProxy'
>;

/** The agents for both schemes. */
export function createAgents(access: AgentSettings): Agents {
  const proxyEnv = access.proxy
    ? { HTTP_PROXY: access.proxy, HTTPS_PROXY: access.proxy, NO_PROXY: access.noProxy ?? '' }
    : process.env;
  const common = { keepAlive: true, maxSockets: 8, proxyEnv };
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

/** The settings that may go to another address: the proxy always, trust and client certificate to the same host only. */
export function agentSettingsFor(url: string, access: RepositoryAccess): AgentSettings {
  if (URL.canParse(access.url) && new URL(access.url).host === new URL(url).host) return access;
  const { proxy, noProxy } = access;
  return { ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
}
