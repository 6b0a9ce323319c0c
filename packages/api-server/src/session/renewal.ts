import type { MountOptions } from '../http/mount.ts';
import type { SsoSessions } from '../sso/sso-sessions.ts';
import { cameByCookie } from './authenticate.ts';
import { setSessionCookie } from './cookie.ts';
import { issueLogin, issuer } from './tokens.ts';
import type { AccountSettings, User } from './user.ts';

export interface RenewalParts {
  accounts: AccountSettings;
  ssoSessions: Pick<SsoSessions, 'renew'>;
  now: () => Date;
}

/** A log-in of ours that ends sooner is renewed (reference §8.5). */
const renewalSeconds = 300;

async function ownToken({ accounts, now }: RenewalParts, user: User): Promise<string | undefined> {
  if (user.expiresAt - now().getTime() / 1000 >= renewalSeconds) return undefined;
  return issueLogin(accounts, user.username, now());
}

/** Renews sessions of browsers that are about to end: our own, and those of the identity provider that can be. */
export function createRenewal(parts: RenewalParts): MountOptions['renew'] {
  return async (user, request, response) => {
    if (!user.login || !cameByCookie(request)) return;
    const token = await (user.issuer === issuer ? ownToken(parts, user) : parts.ssoSessions.renew(user));
    if (token) setSessionCookie(request, response, token);
  };
}
