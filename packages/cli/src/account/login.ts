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
}

/** Logs in and remembers the token as the current context. */
export async function login(terminal: Terminal, server: string, options: LoginOptions): Promise<void> {
  const url = serverUrl(server, options);
  const username = options.username ?? (await terminal.ask('Username: '));
  const password = options.password ?? (await terminal.ask('Password: ', { hidden: true }));
  trust(options.insecure);
  const { token } = await createApiClient({ url }).call('login', { body: { username, password } });
  const path = pathOf(options);
  const name = options.name ?? new URL(url).host;
  const entry = { server: url, ...(options.insecure ? { insecure: true } : {}) };
  await writeConfig(path, withContext(await readConfig(path), { name, server: entry, token }));
  terminal.out(`'${username}' logged in successfully\nContext '${name}' updated\n`);
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
