import { compare } from 'bcryptjs';
import { apiFailure } from '../http/api-failure.ts';
import type { AccountSettings } from './user.ts';

/** Hash of a discarded random text. Compared with where there is no account, so that the time does not tell names. */
const decoy = '$2b$10$bqYeLjXM/v3UrKnd0lEoyOvndUzEi2DB24pBOyIzqjXPNB0rCsZuq';

/** Throws Unauthenticated unless name and password are the enabled administrator's. */
export async function checkPassword(settings: AccountSettings, username: string, password: string): Promise<void> {
  const { enabled, passwordHash } = settings.admin();
  const known = username === 'admin' && enabled ? passwordHash : undefined;
  const right = await compare(password, known ?? decoy);
  if (!right || known === undefined) throw apiFailure('Unauthenticated', 'Invalid username or password');
}
