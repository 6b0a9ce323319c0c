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

/** Whether an identity provider has made the token, and no server of ours. */
function isOfProvider(token: string | undefined): boolean {
  const { iss } = tokenClaims(token);
  return iss !== undefined && iss !== 'argocd';
}

/** `plumb relogin`: logs in again to the server of a context, as the same user. */
export async function relogin(terminal: Terminal, options: LoginOptions & GlobalOptions): Promise<void> {
  const context = contextOf(await readConfig(pathOf(options)), contextName(options));
  if (!context) throw new Fatal('there is no context to log in to again', { next: 'plumb login <server>' });
  if (context.server.core) throw new Fatal(`the context "${context.name}" needs no log-in: it works without a server`);
  const sso = options.sso ?? isOfProvider(context.token);
  const username = options.username ?? userOf(context.token);
  await login(terminal, context.server.server, {
    ...options,
    sso,
    ...(username ? { username } : {}),
    ...transportOf(options, context),
    name: context.name,
  });
}
