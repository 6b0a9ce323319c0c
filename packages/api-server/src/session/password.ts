import { compare } from 'bcryptjs';
import { apiFailure } from '../http/api-failure.ts';
import type { LoginLimit } from './login-limit.ts';
import type { AccountSettings } from './user.ts';

/** Hash of a discarded random text. Compared with where there is no account, so that the time does not tell names. */
const decoy = '$2b$10$bqYeLjXM/v3UrKnd0lEoyOvndUzEi2DB24pBOyIzqjXPNB0rCsZuq';

const refusal = () => apiFailure('Unauthenticated', 'Invalid username or password');

/**
 * Throws Unauthenticated unless name and password are those of an enabled account that may log in. Wrong password, unknown,
 * disabled and locked accounts are all told the same, in the same time.
 */
export async function checkPassword(
  settings: AccountSettings,
  limit: LoginLimit,
  { username, password }: { username: string; password: string },
): Promise<void> {
  const account = settings.access().accounts.find(({ name }) => name === username);
  const usable = account?.enabled && account.capabilities.includes('login') ? account : undefined;
  const right = await limit.run(username, async () => {
    const open = usable !== undefined && (await limit.take(username));
    const matches = await compare(password, (open ? usable.passwordHash : undefined) ?? decoy);
    if (!open || !matches || usable.passwordHash === undefined) return false;
    await limit.succeeded(username);
    return true;
  });
  if (!right) throw refusal();
}
