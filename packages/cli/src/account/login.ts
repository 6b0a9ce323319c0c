import { createApiClient } from '@plumbline/protocol';
import { readConfig, writeConfig } from '../config/config-file.ts';
import { type GlobalOptions, pathOf, trust } from '../config/connect.ts';
import { contextOf, withContext, withoutToken } from '../config/contexts.ts';
import { serverUrl } from '../config/server-url.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

export interface LoginOptions extends GlobalOptions {
  username?: string;
  password?: string;
  name?: string;
  sso?: boolean;
  ssoPort?: string;
  ssoLaunchBrowser?: boolean;
}

/** Who has logged in, and his token: by name and password, or in the browser. */
async function tokenFor(
  terminal: Terminal,
  url: string,
  options: LoginOptions,
): Promise<{ who: string; token: string }> {
  const client = createApiClient({ url });
  if (options.sso) {
    const { ssoToken } = await import('./sso-login.ts');
    const { ssoPort = '8085', ssoLaunchBrowser = true } = options;
    const browser = { ssoPort: Number(ssoPort), ssoLaunchBrowser };
    const token = await ssoToken(terminal, await client.call('settings'), browser);
    const { username = '' } = await createApiClient({ url, token }).call('userInfo');
    if (username === '') throw new Fatal('the server does not accept the token of the identity provider');
    return { who: username, token };
  }
  const username = options.username ?? (await terminal.ask('Username: '));
  const password = options.password ?? (await terminal.ask('Password: ', { hidden: true }));
  const { token } = await client.call('login', { body: { username, password } });
  return { who: username, token };
}

/** Logs in and remembers the token as the current context. */
export async function login(terminal: Terminal, server: string, options: LoginOptions): Promise<void> {
  const url = serverUrl(server, options);
  trust(options.insecure);
  const { who, token } = await tokenFor(terminal, url, options);
  const path = pathOf(options);
  const name = options.name ?? new URL(url).host;
  const entry = { server: url, ...(options.insecure ? { insecure: true } : {}) };
  await writeConfig(path, withContext(await readConfig(path), { name, server: entry, token }));
  terminal.out(`'${who}' logged in successfully\nContext '${name}' updated\n`);
}

/** Forgets the token of a context, the current one where none is named. */
export async function logout(terminal: Terminal, name: string | undefined, options: GlobalOptions): Promise<void> {
  const path = pathOf(options);
  const file = await readConfig(path);
  const context = contextOf(file, name ?? options.plumbContext);
  if (!context) {
    throw new Fatal(name ? `there is no context "${name}"` : 'there is no current context', {
      next: '`plumb context` lists them',
    });
  }
  if (context.token) {
    trust(context.server.insecure);
    const client = createApiClient({ url: context.server.server, token: context.token });
    await client.call('logout').catch(() => undefined);
  }
  await writeConfig(path, withoutToken(file, context.name));
  terminal.out(`Logged out from '${context.name}'\n`);
}
