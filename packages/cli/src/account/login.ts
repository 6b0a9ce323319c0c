import { createApiClient } from '@plumbline/protocol';
import { readConfig, writeConfig } from '../config/config-file.ts';
import { contextName, type GlobalOptions, pathOf, transportOf } from '../config/connect.ts';
import { type Context, contextOf, withContext, withoutToken } from '../config/contexts.ts';
import { fetchFor, trustedAuthority } from '../config/transport.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';
import { agreeOnServer } from './agree-on-server.ts';

export interface LoginOptions extends GlobalOptions {
  username?: string;
  password?: string;
  name?: string;
  sso?: boolean;
  ssoPort?: string;
  ssoLaunchBrowser?: boolean;
  skipTestTls?: boolean;
}

/** Who logs in where. */
interface Entrance {
  url: string;
  fetch: typeof fetch | undefined;
}

/** The token of a user by name and password. Throws `ApiError`. */
export async function tokenByPassword(
  { url, fetch }: Entrance,
  body: { username: string; password: string },
): Promise<string> {
  const { token } = await createApiClient({ url, fetch }).call('login', { body });
  return token;
}

/** Who has logged in, and his token: by name and password, or in the browser. */
async function tokenFor(
  terminal: Terminal,
  entrance: Entrance,
  options: LoginOptions,
): Promise<{ who: string; token: string; refreshToken?: string | undefined }> {
  if (options.sso) {
    const { ssoTokens } = await import('./sso-login.ts');
    const { ssoPort = '8085', ssoLaunchBrowser = true } = options;
    const browser = { ssoPort: Number(ssoPort), ssoLaunchBrowser, server: entrance };
    const settings = await createApiClient(entrance).call('settings');
    const { token, refreshToken } = await ssoTokens(terminal, settings, browser);
    const { username = '' } = await createApiClient({ ...entrance, token }).call('userInfo');
    if (username === '') throw new Fatal('the server does not accept the token of the identity provider');
    return { who: username, token, refreshToken };
  }
  const username = options.username ?? (await terminal.ask('Username: '));
  const password = options.password ?? (await terminal.ask('Password: ', { hidden: true }));
  return { who: username, token: await tokenByPassword(entrance, { username, password }) };
}

async function remember(options: LoginOptions, context: Context): Promise<void> {
  const path = pathOf(options);
  await writeConfig(path, withContext(await readConfig(path), context));
}

/** `plumb login --core`: from now on commands work on the cluster of the kubeconfig. */
async function loginCore(terminal: Terminal, options: LoginOptions): Promise<void> {
  const name = options.name ?? 'kubernetes';
  await remember(options, { name, server: { server: 'kubernetes', core: true }, token: undefined });
  terminal.out(`Context '${name}' updated\n`);
}

/** The server that is named, or the one at the end of `--port-forward`. */
async function addressOf(server: string | undefined, options: LoginOptions): Promise<string> {
  if (options.portForward || options.portForwardNamespace) {
    const { forwardPort } = await import('../config/port-forward.ts');
    return forwardPort(options);
  }
  const named = server ?? options.server;
  if (named) return named;
  throw new Fatal('no server is named', { next: 'plumb login host:port', exitCode: 1 });
}

/** Logs in and remembers the token as the current context. */
export async function login(terminal: Terminal, server: string | undefined, options: LoginOptions): Promise<void> {
  if (options.core) return loginCore(terminal, options);
  const agreed = await agreeOnServer(terminal, await addressOf(server, options), options);
  const { url, insecure } = agreed;
  const entrance = { url, fetch: await fetchFor({ ...options, insecure }) };
  const { who, ...tokens } = await tokenFor(terminal, entrance, options);
  const forwarded = options.portForward || options.portForwardNamespace ? 'port-forward' : undefined;
  const name = options.name ?? forwarded ?? new URL(url).host;
  const authority = (await trustedAuthority(options)) ?? options.caData;
  const trust = {
    ...(insecure ? { insecure } : {}),
    ...(authority ? { 'certificate-authority-data': authority } : {}),
  };
  await remember(options, { name, server: { server: url, ...trust }, ...tokens });
  terminal.out(`'${who}' logged in successfully\nContext '${name}' updated\n`);
}

/** Ends the refresh token at the provider, where that answers. */
async function revoke(refreshToken: string, entrance: Entrance): Promise<void> {
  const { findProvider, revokeRefreshToken } = await import('./identity-provider.ts');
  try {
    const settings = await createApiClient(entrance).call('settings');
    await revokeRefreshToken(await findProvider(settings, entrance), refreshToken);
  } catch {
    // It is forgotten here all the same, and ends by itself.
  }
}

/** Forgets the token of a context, given by its name or its server, the current one where none is named. */
export async function logout(terminal: Terminal, name: string | undefined, options: GlobalOptions): Promise<void> {
  const path = pathOf(options);
  const file = await readConfig(path);
  const context = contextOf(file, name ?? contextName(options));
  if (!context) {
    throw new Fatal(name ? `there is no context "${name}"` : 'there is no current context', {
      next: '`plumb context` lists them',
    });
  }
  if (context.token) {
    const fetch = await fetchFor(transportOf(options, context));
    const client = createApiClient({ url: context.server.server, token: context.token, fetch });
    await client.call('logout').catch(() => undefined);
    if (context.refreshToken) await revoke(context.refreshToken, { url: context.server.server, fetch });
  }
  await writeConfig(path, withoutToken(file, context.name));
  terminal.out(`Logged out from '${context.name}'\n`);
}
