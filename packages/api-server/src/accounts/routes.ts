import { allObjects, rbacActions, rbacResources } from '@plumbline/access';
import type { AccountView } from '@plumbline/protocol';
import type { LocalAccount } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';
import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { Call, Mount } from '../http/mount.ts';
import type { LoginLimit } from '../session/login-limit.ts';
import { issuer } from '../session/tokens.ts';
import type { AccountSettings, User } from '../session/user.ts';
import { createApiKey, deleteApiKey } from './api-keys.ts';
import { changePassword } from './change-password.ts';
import type { ControlSecret } from './control-secret.ts';
import { untilKnown } from './until-known.ts';

/** What the routes of accounts work with. */
export interface AccountParts {
  accounts: AccountSettings;
  secret: ControlSecret;
  limit: LoginLimit;
  logger: Logger;
  now: () => Date;
}

function view({ name, enabled, capabilities, tokens }: LocalAccount): AccountView {
  return {
    name,
    enabled,
    capabilities: [...capabilities],
    tokens: tokens.map(({ id, issuedAt, expiresAt }) => ({ id, issuedAt, ...(expiresAt > 0 ? { expiresAt } : {}) })),
  };
}

/** An account has all rights on itself. */
function isSelf({ username, issuer: by }: User, name: string): boolean {
  return by === issuer && username === name;
}

/** The account, once the caller may do this with it. Throws the same for one that is not there as for one that is not his. */
function accountFor(
  { accounts }: AccountParts,
  { user, rights, params: { name } }: { user: User; rights: Rights; params: { name: string } },
  action: 'get' | 'update',
): LocalAccount {
  if (isSelf(user, name)) rights.open();
  else rights.require('accounts', action, name);
  const found = accounts.access().accounts.find((account) => account.name === name);
  if (!found) throw apiFailure('NotFound', `account '${name}' does not exist`);
  return found;
}

function canI({ params: { resource, action, subresource }, rights }: Call<'canI'>): { value: 'yes' | 'no' } {
  const [verb = ''] = action.split('/');
  const unknown = (what: string, known: readonly string[]) =>
    apiFailure('InvalidArgument', `unknown ${what}: use one of ${known.join(', ')}`);
  if (!rbacResources.some((name) => name === resource)) throw unknown(`resource "${resource}"`, rbacResources);
  if (verb !== '*' && !rbacActions.some((name) => name === verb)) throw unknown(`action "${action}"`, rbacActions);
  return { value: rights.can(resource, action, allObjects(resource, subresource)) ? 'yes' : 'no' };
}

/** Routes of local accounts and of the question what the caller may do (reference §8.2). */
export function mountAccounts(mount: Mount, parts: AccountParts): void {
  const current = (name: string) => parts.accounts.access().accounts.find((account) => account.name === name);
  mount.call('listAccounts', ({ user, rights }) => {
    rights.open();
    const visible = ({ name }: LocalAccount) => isSelf(user, name) || rights.can('accounts', 'get', name);
    return { items: parts.accounts.access().accounts.filter(visible).map(view) };
  });
  mount.call('getAccount', (call) => view(accountFor(parts, call, 'get')));
  mount.call('canI', canI);
  mount.call('changePassword', async (call) => {
    await changePassword(parts, call);
    return {};
  });
  mount.call('createAccountToken', async (call) => {
    const account = accountFor(parts, call, 'update');
    const id = call.body.id || undefined;
    const token = await createApiKey(parts, account, call.body);
    const before = account.tokens.length;
    const hasCome = ({ tokens }: LocalAccount) => (id ? tokens.some((one) => one.id === id) : tokens.length > before);
    await untilKnown(() => hasCome(current(account.name) ?? account));
    return { token };
  });
  mount.call('deleteAccountToken', async (call) => {
    const account = accountFor(parts, call, 'update');
    await deleteApiKey(parts, account, call.params.id);
    await untilKnown(() => !current(account.name)?.tokens.some(({ id }) => id === call.params.id));
    return {};
  });
}
