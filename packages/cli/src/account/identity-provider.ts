import type { ServerSettings } from '@plumbline/protocol';
import * as oidc from 'openid-client';
import { Fatal } from '../fatal.ts';

/** The settings of a server that say where its users log in. */
export type ProviderSettings = Pick<ServerSettings, 'oidcConfig' | 'dexConfig'> & Partial<Pick<ServerSettings, 'url'>>;

/** Where and as which client a command line logs in. */
interface Provider {
  name: string;
  scopes: readonly string[];
  client: oidc.Configuration;
}

/** How the server is reached. A provider at the same address, as dex is, is reached like that, too. */
export interface ServerWay {
  url: string;
  fetch?: typeof fetch | undefined;
}

/** The provider to log in at: the one of the settings, or dex, which the server has under its own address. */
function wantedProvider({ oidcConfig, dexConfig, url }: ProviderSettings) {
  if (oidcConfig || !dexConfig) return oidcConfig;
  const scopes = ['openid', 'profile', 'email', 'groups', 'federated:id'];
  return { name: 'Dex', issuer: `${url}/api/dex`, clientID: 'argo-cd-cli', cliClientID: 'argo-cd-cli', scopes };
}

const isAt = (issuer: URL, url: string | undefined): boolean =>
  url !== undefined && URL.canParse(url) && new URL(url).origin === issuer.origin;

/** Asks the provider of a server about itself. Throws Fatal where there is none, or it does not answer. */
export async function findProvider(settings: ProviderSettings, server?: ServerWay): Promise<Provider> {
  const config = wantedProvider(settings);
  if (!config) throw new Fatal('the server has no identity provider', { next: 'log in with --username' });
  const issuer = new URL(config.issuer);
  const own = isAt(issuer, server?.url) || isAt(issuer, settings.url) ? server?.fetch : undefined;
  const client = await oidc
    .discovery(issuer, config.cliClientID || config.clientID, undefined, oidc.None(), {
      // Plain HTTP is for a provider on the same machine.
      ...(issuer.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}),
      // The same interface, but for the type of a body that is never sent here.
      ...(own ? { [oidc.customFetch]: own as unknown as oidc.CustomFetch } : {}),
    })
    .catch((error: Error) => {
      throw new Fatal(`cannot ask the identity provider ${config.issuer}: ${error.message}`);
    });
  return { name: config.name, scopes: config.scopes, client };
}

/** What a log-in asks for so that a refresh token comes with it, where the provider gives one. */
export function offlineParameters({ scopes, client }: Provider): { scope: string; access_type?: 'offline' } {
  const scope = scopes.join(' ');
  if (scopes.includes('offline_access')) return { scope };
  if (client.serverMetadata().scopes_supported?.includes('offline_access')) return { scope: `${scope} offline_access` };
  // Providers without the scope have this parameter for it; others ignore it.
  return { scope, access_type: 'offline' };
}

/** Tells the provider that a refresh token is of no more use; providers that cannot be told are left alone. */
export async function revokeRefreshToken({ client }: Provider, refreshToken: string): Promise<void> {
  if (!client.serverMetadata().revocation_endpoint) return;
  await oidc.tokenRevocation(client, refreshToken, { token_type_hint: 'refresh_token' });
}
