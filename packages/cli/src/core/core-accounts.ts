import { parsePolicy } from '@plumbline/access';
import type { AccountSettings } from '@plumbline/api-server';
import type { AccessSettings, Settings } from '@plumbline/settings';
import { hash } from 'bcryptjs';
import { secretText } from './secret-text.ts';

/** Low: the password is random, and lives as long as a command. */
const bcryptCost = 4;

/** Who may use the server of a command: an administrator with a password and tokens of its own, and nobody else. */
export async function coreAccounts(settings: Settings): Promise<{ accounts: AccountSettings; password: string }> {
  const [password, key] = [secretText(), secretText()];
  const passwordHash = await hash(password, bcryptCost);
  const admin = { name: 'admin', enabled: true, capabilities: ['login'] as const, tokens: [] };
  const known = new WeakMap<AccessSettings, AccessSettings>();
  const access = (): AccessSettings => {
    const real = settings.access();
    const made = known.get(real) ?? {
      ...real,
      accounts: [{ ...admin, passwordHash, passwordChangedAt: undefined }],
      rbac: { ...real.rbac, policy: parsePolicy(''), defaultRole: '' },
      oidc: undefined,
      anonymousEnabled: false,
    };
    known.set(real, made);
    return made;
  };
  const accounts = {
    access,
    onChange: (listener: () => void) => settings.onChange(listener),
    repositories: () => settings.repositories(),
    clusters: () => settings.clusters(),
    secretKey: () => key,
  };
  return { accounts, password };
}
