import type { ServerSettings } from '@plumbline/protocol';
import type { DexSettings, LocalAccount, OidcSettings } from '@plumbline/settings';
import { ownSettings, publicSettings } from './declared/shown-settings.ts';
import type { Mount } from './http/mount.ts';
import type { ApiServerParts } from './server.ts';

/** What clients ask first: who the server is, and how it is set up. */
export function mountGeneral(mount: Mount, { settings, accounts, declared, version, namespace }: ApiServerParts): void {
  mount.call('version', ({ user }) => (user ? version : { Version: version.Version }));
  mount.call('settingsProblems', () => ({ items: declared.problems().map((problem) => ({ ...problem })) }));
  mount.call('settings', ({ user }) => {
    const { trackingMethod, url, appLabelKey } = settings();
    const { accounts: all, oidc, dex } = accounts.access();
    const userLoginsDisabled = !all.some(canLogIn);
    const anyone = {
      url,
      appLabelKey,
      userLoginsDisabled,
      ...(dex ? dexConfig(dex) : oidcConfig(oidc)),
      ...publicSettings(declared),
    };
    if (!user) return anyone;
    const own = { ...ownSettings(declared), controllerNamespace: namespace };
    return { ...anyone, ...own, ...(trackingMethod ? { trackingMethod } : {}) };
  });
}

/** What a client must know of the identity provider; never the secret. */
function oidcConfig(oidc: OidcSettings | undefined): Pick<ServerSettings, 'oidcConfig'> {
  if (!oidc) return {};
  const { name, issuer: by, clientId, cliClientId, scopes, pkce } = oidc;
  const cli = cliClientId ? { cliClientID: cliClientId } : {};
  return {
    oidcConfig: { name, issuer: by, clientID: clientId, ...cli, scopes: [...scopes], enablePKCEAuthentication: pkce },
  };
}

/** The connectors of dex, by what a log-in page shows. */
function dexConfig({ connectors }: DexSettings): Pick<ServerSettings, 'dexConfig'> {
  return { dexConfig: { connectors: connectors.map(({ name, type }) => ({ name, type })) } };
}

const canLogIn = ({ enabled, capabilities }: LocalAccount): boolean => enabled && capabilities.includes('login');
