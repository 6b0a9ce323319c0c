import { readConfig } from '../config/config-file.ts';
import { contextName, type GlobalOptions, pathOf } from '../config/connect.ts';
import { contextOf } from '../config/contexts.ts';
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
  const { sub, iat, exp } = tokenClaims(context.token);
  if (exp && exp * 1000 < terminal.now().getTime()) {
    throw new Fatal(`the token has ended at ${instant(exp)}`, { next: 'plumb relogin' });
  }
  if (!options.output) return terminal.out(`${context.token}\n`);
  const facts = { token: context.token, subject: sub, issuedAt: instant(iat), expiresAt: instant(exp) };
  await printData(terminal, options.output, { server: context.server.server, ...facts });
}
