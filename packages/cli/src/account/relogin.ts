import { readConfig } from '../config/config-file.ts';
import { contextName, type GlobalOptions, pathOf, transportOf } from '../config/connect.ts';
import { contextOf } from '../config/contexts.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';
import { tokenClaims } from '../token-claims.ts';
import { type LoginOptions, login } from './login.ts';

/** The user that a token was made for: what stands before the capability in its subject. */
function userOf(token: string | undefined): string | undefined {
  return tokenClaims(token).sub?.split(':')[0];
}

/** `plumb relogin`: logs in again to the server of a context, as the same user. */
export async function relogin(terminal: Terminal, options: LoginOptions & GlobalOptions): Promise<void> {
  const context = contextOf(await readConfig(pathOf(options)), contextName(options));
  if (!context) throw new Fatal('there is no context to log in to again', { next: 'plumb login <server>' });
  if (context.server.core) throw new Fatal(`the context "${context.name}" needs no log-in: it works without a server`);
  const username = options.username ?? userOf(context.token);
  await login(terminal, context.server.server, {
    ...options,
    ...(username ? { username } : {}),
    ...transportOf(options, context),
    name: context.name,
  });
}
