import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { instant } from '../token-claims.ts';

/** `plumb account get`: an account, by default the caller's, with its API keys. */
export async function showAccount(
  terminal: Terminal,
  options: GlobalOptions & { account?: string; output: 'wide' | 'name' | 'json' | 'yaml' },
): Promise<void> {
  const client = await connect(options);
  const name = options.account ?? (await client.call('userInfo')).username;
  if (!name) throw new Fatal('nobody is logged in', { next: `plumb login ${client.url}` });
  const account = await client.call('getAccount', { params: { name } });
  const { output } = options;
  if (output === 'json' || output === 'yaml') return printData(terminal, output, account);
  if (output === 'name') return terminal.out(`${account.name}\n`);
  const { enabled, capabilities, tokens = [] } = account;
  terminal.out(`Name:           ${name}\nEnabled:        ${enabled}\nCapabilities:   ${capabilities.join(', ')}\n`);
  const rows = tokens.map(({ id, issuedAt, expiresAt }) => [id, instant(issuedAt), instant(expiresAt)]);
  terminal.out(rows.length > 0 ? `\n${table(['API KEY', 'ISSUED', 'EXPIRES'], rows)}` : 'API keys:       none\n');
}
