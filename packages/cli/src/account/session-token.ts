import { readConfig } from '../config/config-file.ts';
import { contextName, type GlobalOptions, pathOf, transportOf } from '../config/connect.ts';
import { contextOf } from '../config/contexts.ts';
import { currentToken } from '../config/current-token.ts';
import { fetchFor } from '../config/transport.ts';
import { Fatal } from '../fatal.ts';
import { printData } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { instant, tokenClaims } from '../token-claims.ts';

/** `plumb account session-token`: the token of a context, the current one by default. */
export async function sessionToken(
  terminal: Terminal,
  options: GlobalOptions & { output?: 'json' | 'yaml' },
): Promise<void> {
  const context = contextOf(await readConfig(pathOf(options)), contextName(options));
  if (!context?.token) {
    throw new Fatal('nobody is logged in', { next: `plumb login ${context?.server.server ?? '<server>'}` });
  }
  const fetch = await fetchFor(transportOf(options, context));
  const token = await currentToken(context, { path: pathOf(options), fetch, now: terminal.now });
  const { sub, iat, exp } = tokenClaims(token);
  if (exp && exp * 1000 < terminal.now().getTime()) {
    throw new Fatal(`the token has ended at ${instant(exp)}`, { next: 'plumb relogin' });
  }
  if (!options.output) return terminal.out(`${token}\n`);
  const facts = { token, subject: sub, issuedAt: instant(iat), expiresAt: instant(exp) };
  await printData(terminal, options.output, { server: context.server.server, ...facts });
}
