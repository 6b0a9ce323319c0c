import { accountKeyPrefix } from '@plumbline/settings';
import { hash } from 'bcryptjs';
import { apiFailure } from '../http/api-failure.ts';
import type { Call } from '../http/mount.ts';
import { checkPassword } from '../session/password.ts';
import { issuer } from '../session/tokens.ts';
import type { AccountParts } from './routes.ts';
import { untilKnown } from './until-known.ts';

const bcryptCost = 10;
/** bcrypt looks at no more. */
const maxBytes = 72;

/** Who has no password here proves by a log-in of so lately who he is, seconds. */
const freshLoginSeconds = 300;

/** Throws unless the caller has just proved who he is: by his own password, or by a log-in at the identity provider. */
async function checkCaller(parts: AccountParts, { user, body }: Call<'changePassword'>): Promise<void> {
  if (user.issuer !== issuer) {
    const age = parts.now().getTime() / 1000 - (user.issuedAt ?? 0);
    if (user.login && age < freshLoginSeconds) return;
    throw apiFailure('PermissionDenied', 'the log-in is too old to change a password: log in again');
  }
  if (user.username.startsWith('proj:')) {
    throw apiFailure('PermissionDenied', 'a token of a project cannot change passwords: log in');
  }
  await checkPassword(parts.accounts, parts.limit, {
    username: user.username,
    password: body.currentPassword ?? '',
  }).catch((error: unknown) => {
    throw apiFailure('InvalidArgument', 'current password does not match', error);
  });
}

/**
 * Changes a password (reference §8.2, §8.5). The caller proves who he is with his own current password, or, logged in at the
 * identity provider, by a log-in of the last five minutes; for another's account he needs the right to update it. Sessions
 * from before the change end.
 */
export async function changePassword(parts: AccountParts, call: Call<'changePassword'>): Promise<void> {
  const { user, rights, body } = call;
  const name = body.name || user.username;
  if (name === user.username && user.issuer === issuer) rights.open();
  else rights.require('accounts', 'update', name);
  await checkCaller(parts, call);
  const { accounts, passwordPattern } = parts.accounts.access();
  if (!accounts.some((account) => account.name === name)) {
    throw apiFailure('NotFound', `account '${name}' does not exist`);
  }
  if (!passwordPattern.test(body.newPassword) || Buffer.byteLength(body.newPassword) > maxBytes) {
    const text = `New password does not match the following expression: ${passwordPattern.source}.`;
    throw apiFailure('InvalidArgument', text);
  }
  const passwordHash = await hash(body.newPassword, bcryptCost);
  await store(parts, name, passwordHash);
  const stored = () => parts.accounts.access().accounts.find((account) => account.name === name)?.passwordHash;
  await untilKnown(() => stored() === passwordHash);
  parts.logger.info('a password was changed', { account: name, by: user.username });
}

function store({ secret, now }: AccountParts, name: string, passwordHash: string): Promise<void> {
  const prefix = accountKeyPrefix(name);
  const changedAt = now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  return secret.change(() => ({ [`${prefix}.password`]: passwordHash, [`${prefix}.passwordMtime`]: changedAt }));
}
