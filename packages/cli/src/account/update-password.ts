import { readConfig, writeConfig } from '../config/config-file.ts';
import { connect, contextName, type GlobalOptions, pathOf, transportOf } from '../config/connect.ts';
import { contextOf, contextOfServer, withContext } from '../config/contexts.ts';
import { fetchFor } from '../config/transport.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';
import { tokenByPassword } from './login.ts';

interface PasswordOptions extends GlobalOptions {
  account?: string;
  currentPassword?: string;
  newPassword?: string;
}

const hidden = { hidden: true };

async function newPasswordOf(terminal: Terminal, name: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const first = await terminal.ask(`*** Enter new password for user ${name}: `, hidden);
  const again = await terminal.ask(`*** Confirm new password for user ${name}: `, hidden);
  if (first !== again) throw new Fatal('the two new passwords are not the same: nothing is changed');
  return first;
}

/** The context whose token the change has made void. */
async function contextAt(url: string, options: GlobalOptions) {
  const file = await readConfig(pathOf(options));
  const named = contextOf(file, contextName(options));
  return { file, context: named?.server.server === url ? named : contextOfServer(file, url) };
}

/** Tokens from before a change of the password are void: the context gets a new one. */
async function renewContext(
  terminal: Terminal,
  url: string,
  { options, username, password }: { options: GlobalOptions; username: string; password: string },
): Promise<void> {
  const { file, context } = await contextAt(url, options);
  if (!context?.token) return;
  const fetch = await fetchFor(transportOf(options, context));
  const token = await tokenByPassword({ url, fetch }, { username, password });
  const current = file['current-context'];
  await writeConfig(pathOf(options), { ...withContext(file, { ...context, token }), 'current-context': current });
  terminal.out(`Context '${context.name}' updated\n`);
}

/** `plumb account update-password`: of the caller, or of another account. */
export async function updatePassword(terminal: Terminal, options: PasswordOptions): Promise<void> {
  const api = await connect(options);
  const { username: self = '' } = await api.call('userInfo');
  const name = options.account ?? self;
  if (!name) throw new Fatal('nobody is logged in', { next: `plumb login ${api.url}` });
  const ofSelf = `*** Enter password of currently logged in user (${self}): `;
  const currentPassword = options.currentPassword ?? (await terminal.ask(ofSelf, hidden));
  const newPassword = await newPasswordOf(terminal, name, options.newPassword);
  await api.call('changePassword', { body: { name, currentPassword, newPassword } });
  terminal.out('Password updated\n');
  if (name === self) await renewContext(terminal, api.url, { options, username: name, password: newPassword });
}
