import { randomUUID } from 'node:crypto';
import type { TokenRequestBody } from '@plumbline/protocol';
import { accountKeyPrefix, type LocalAccount } from '@plumbline/settings';
import { apiFailure } from '../http/api-failure.ts';
import { issueToken } from '../session/tokens.ts';
import type { AccountParts } from './routes.ts';

/** As argocd-secret has it. */
interface StoredKey {
  id: string;
  iat: number;
  exp?: number;
}

function storedKeys(data: Readonly<Record<string, string>>, account: string): StoredKey[] {
  try {
    const value: unknown = JSON.parse(data[`${accountKeyPrefix(account)}.tokens`] || '[]');
    return Array.isArray(value) ? (value as StoredKey[]) : [];
  } catch (error) {
    const hint = `mend the key ${accountKeyPrefix(account)}.tokens of the Secret argocd-secret`;
    throw apiFailure('FailedPrecondition', `the API keys of ${account} cannot be read: ${hint}`, error);
  }
}

const tokensEntry = (account: string, keys: readonly StoredKey[]) => ({
  [`${accountKeyPrefix(account)}.tokens`]: JSON.stringify(keys),
});

/** Makes an API key of an account (reference §8.2). The key itself is kept nowhere. */
export async function createApiKey(
  { accounts, secret, now }: AccountParts,
  account: LocalAccount,
  request: TokenRequestBody,
): Promise<string> {
  if (!account.capabilities.includes('apiKey')) {
    throw apiFailure('FailedPrecondition', `account '${account.name}' does not have apiKey capability`);
  }
  const id = request.id || randomUUID();
  const lifeSeconds = request.expiresIn ?? 0;
  const issuedAt = Math.floor(now().getTime() / 1000);
  const key = { id, iat: issuedAt, ...(lifeSeconds > 0 ? { exp: issuedAt + lifeSeconds } : {}) };
  await secret.change((data) => {
    const keys = storedKeys(data, account.name);
    if (keys.some((known) => known.id === id)) {
      throw apiFailure('AlreadyExists', `account '${account.name}' already has a token with id '${id}'`);
    }
    return tokensEntry(account.name, [...keys, key]);
  });
  return issueToken(accounts, { subject: `${account.name}:apiKey`, id, lifeSeconds }, new Date(issuedAt * 1000));
}

/** Takes an API key back. */
export async function deleteApiKey({ secret }: AccountParts, account: LocalAccount, id: string): Promise<void> {
  await secret.change((data) => {
    const keys = storedKeys(data, account.name);
    const left = keys.filter((key) => key.id !== id);
    if (left.length === keys.length) {
      throw apiFailure('NotFound', `account '${account.name}' has no token with id '${id}'`);
    }
    return tokensEntry(account.name, left);
  });
}
