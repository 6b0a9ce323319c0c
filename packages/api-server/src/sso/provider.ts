import type { OidcSettings } from '@plumbline/settings';
import { createRemoteJWKSet, type JWTPayload, jwtVerify, customFetch as keysFetch } from 'jose';
import * as oidc from 'openid-client';
import { apiFailure } from '../http/api-failure.ts';
import { providerFetch } from './routed-fetch.ts';

/** The identity provider of the settings, discovered when it is first needed. */
export interface Provider {
  settings: OidcSettings;
  client: oidc.Configuration;
  /** Claims of an ID token that is for us. Throws where it is not, or is not valid now. */
  verify(token: string, now: Date): Promise<JWTPayload>;
}

/** Only such that nobody can make with what is public; never `none`, never a shared key. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

async function discovered(settings: OidcSettings): Promise<Provider> {
  const { issuer, clientId, clientSecret } = settings;
  // Plain HTTP is for a provider on the same machine: nobody is between.
  const insecure = new URL(issuer).protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {};
  const fetcher = providerFetch(settings);
  const authentication = clientSecret ? oidc.ClientSecretPost(clientSecret) : oidc.None();
  const client = await oidc
    .discovery(new URL(issuer), clientId, undefined, authentication, {
      ...insecure,
      ...(fetcher ? { [oidc.customFetch]: fetcher } : {}),
    })
    .catch((error: unknown) => {
      throw apiFailure('Unavailable', `the identity provider ${issuer} cannot be asked`, error);
    });
  const { jwks_uri: keysUrl = '' } = client.serverMetadata();
  const keys = createRemoteJWKSet(new URL(keysUrl), fetcher ? { [keysFetch]: fetcher } : {});
  const audience = [clientId, ...(settings.cliClientId ? [settings.cliClientId] : []), ...settings.allowedAudiences];
  return {
    settings,
    client,
    verify: async (token, now) => {
      const options = { issuer, audience, algorithms, currentDate: now, requiredClaims: ['sub', 'iat', 'exp'] };
      return (await jwtVerify(token, keys, options)).payload;
    },
  };
}

/** The provider as the settings have it now; undefined where they have none. A discovery that failed is tried again. */
export function createProviders(settings: () => OidcSettings | undefined): () => Promise<Provider | undefined> {
  let known: { text: string; provider: Promise<Provider> } | undefined;
  return async () => {
    const wanted = settings();
    if (!wanted) return undefined;
    const text = JSON.stringify(wanted);
    if (known?.text === text) return known.provider;
    const provider = discovered(wanted);
    const entry = { text, provider };
    known = entry;
    provider.catch(() => {
      if (known === entry) known = undefined;
    });
    return provider;
  };
}
