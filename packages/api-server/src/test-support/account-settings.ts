import { emptyPolicy } from '@plumbline/access';
import type { LocalAccount } from '@plumbline/settings';
import type { AccountSettings } from '../session/user.ts';

/** An account that may log in and has no password. */
export function localAccount(change: Partial<LocalAccount> & { name: string }): LocalAccount {
  return {
    enabled: true,
    capabilities: ['login'],
    passwordHash: undefined,
    passwordChangedAt: undefined,
    tokens: [],
    ...change,
  };
}

/** Settings with these accounts and no policy. */
export function accountSettings(accounts: readonly LocalAccount[]): AccountSettings {
  return {
    access: () => ({
      accounts,
      rbac: { policy: emptyPolicy, defaultRole: '', matchMode: 'glob', scopes: ['groups'] },
      oidc: undefined,
      dex: undefined,
      anonymousEnabled: false,
      sessionMs: 24 * 3_600_000,
      passwordPattern: /^.{8,32}$/,
      rollbackNeedsOwnRight: false,
      objectsInherit: false,
      revisionNeedsOverride: false,
      globalProjects: [],
      applicationNamespaces: [],
      impersonation: { enabled: false, enforced: true },
    }),
    onChange: () => () => undefined,
    repositories: () => [],
    clusters: () => [],
    secretKey: () => 'a key that is long enough for HS256',
  };
}
