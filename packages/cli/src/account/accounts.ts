import { parseDuration } from '@plumbline/apis';
import type { ApiClient } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import { printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

type Named = GlobalOptions & { account?: string };

/** Prints yes or no, and ends with 0 or 1. */
export async function canI(
  terminal: Terminal,
  { action, resource, object }: { action: string; resource: string; object: string },
  options: GlobalOptions,
): Promise<void> {
  const api = await connect(options);
  const { value } = await api.call('canI', { params: { resource, action, subresource: object } });
  terminal.out(`${value}\n`);
  process.exitCode = value === 'yes' ? 0 : 1;
}

export async function listAccounts(
  terminal: Terminal,
  options: GlobalOptions & { output: 'wide' | 'name' | 'json' | 'yaml' },
): Promise<void> {
  const { items } = await (await connect(options)).call('listAccounts');
  const { output } = options;
  if (output === 'json' || output === 'yaml') return printData(terminal, output, items);
  if (output === 'name') {
    for (const { name } of items) terminal.out(`${name}\n`);
    return;
  }
  const rows = items.map(({ name, enabled, capabilities, tokens = [] }) => [
    name,
    String(enabled),
    capabilities.join(', '),
    String(tokens.length),
  ]);
  terminal.out(table(['NAME', 'ENABLED', 'CAPABILITIES', 'API KEYS'], rows));
}

export async function userInfo(terminal: Terminal, options: GlobalOptions & { output?: string }): Promise<void> {
  const info = await (await connect(options)).call('userInfo');
  const { loggedIn, username = '', iss = '', groups = [] } = info;
  if (options.output === 'json' || options.output === 'yaml') return printData(terminal, options.output, info);
  terminal.out(`Logged In: ${loggedIn}\n`);
  if (loggedIn) terminal.out(`Username: ${username}\nIssuer: ${iss}\nGroups: ${groups.join(', ')}\n`);
}

/** The account that is meant: the named one, or the caller's own. */
async function accountOf(api: ApiClient, { account }: Named): Promise<string> {
  if (account) return account;
  const { username } = await api.call('userInfo');
  if (!username) throw new Fatal('nobody is logged in', { next: `plumb login ${api.url}` });
  return username;
}

/** Seconds of a Go duration; days are understood, too. */
export function secondsOf(text: string): number {
  const days = /^(\d+)d$/.exec(text.trim());
  if (days) return Number(days[1]) * 86_400;
  try {
    return Math.floor(parseDuration(text) / 1000);
  } catch {
    throw new Fatal(`cannot read the duration "${text}"`, { next: 'write it as 90d, 12h or 30m' });
  }
}

export async function generateToken(
  terminal: Terminal,
  options: Named & { expiresIn: string; id?: string },
): Promise<void> {
  const api = await connect(options);
  const expiresIn = secondsOf(options.expiresIn);
  const body = { expiresIn, ...(options.id ? { id: options.id } : {}) };
  const { token } = await api.call('createAccountToken', { params: { name: await accountOf(api, options) }, body });
  terminal.out(`${token}\n`);
}

export async function deleteToken(terminal: Terminal, id: string, options: Named): Promise<void> {
  const api = await connect(options);
  const name = await accountOf(api, options);
  await api.call('deleteAccountToken', { params: { name, id } });
  terminal.out(`API key '${id}' of ${name} deleted\n`);
}
