import { eventually, type IdentityProvider, type IdentityProviderOptions, identityProvider } from '@plumbline/testing';
import { type ApiFixture, apiFixture } from './api-fixture.ts';

/** An API server and a real OpenID Connect provider that knows it as the client `plumbline`. */
export interface SsoFixture extends AsyncDisposable {
  fixture: ApiFixture;
  provider: IdentityProvider;
  /** Of the API server. */
  url: string;
  /**
   * Declares the provider in argocd-cm and waits until the server knows it by that name.
   *
   * @param options.secret as `clientSecret` is written; the secret itself by default
   * @param options.more lines of `oidc.config`
   */
  configure(name: string, options?: { secret?: string; more?: string }): Promise<void>;
}

type ProviderOptions = Omit<IdentityProviderOptions, 'clientId' | 'clientSecret' | 'redirectUri'>;

export const clientSecret = 'a-secret-of-the-client';

export async function ssoFixture(options: ProviderOptions): Promise<SsoFixture> {
  const fixture = await apiFixture();
  const { url } = fixture.server;
  const redirectUri = `${url}/auth/callback`;
  const provider = await identityProvider({ clientId: 'plumbline', clientSecret, redirectUri, ...options });
  return {
    fixture,
    provider,
    url,
    async configure(name, { secret = clientSecret, more = '' } = {}) {
      const config = `name: ${name}\nissuer: ${provider.issuer}\nclientID: plumbline\nclientSecret: ${secret}\n${more}`;
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: fixture.namespace, name: 'argocd-cm' };
      await fixture.kube.patch(ref, { data: { url, 'oidc.config': config } }, { type: 'merge' });
      const known = async () => (await fixture.api.call('settings')).oidcConfig?.name === name;
      await eventually(known, { what: 'the settings' });
    },
    [Symbol.asyncDispose]: async () => {
      await provider.close();
      await fixture.close();
    },
  };
}
