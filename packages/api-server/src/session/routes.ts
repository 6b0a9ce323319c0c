import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '@plumbline/errors';
import type { OidcSettings } from '@plumbline/settings';
import type { Logger, Metrics } from '@plumbline/telemetry';
import type { Request, Response, Router } from 'express';
import type { Mount } from '../http/mount.ts';
import type { SsoSessions } from '../sso/sso-sessions.ts';
import { issuerOf } from '../sso/sso-user.ts';
import { tokenOf } from './authenticate.ts';
import { setSessionCookie } from './cookie.ts';
import type { LoginLimit } from './login-limit.ts';
import { checkPassword } from './password.ts';
import type { Revocations } from './revocations.ts';
import { issueLogin, issuer } from './tokens.ts';
import type { AccountSettings, Authenticate, User } from './user.ts';

export interface SessionParts {
  accounts: AccountSettings;
  authenticate: Authenticate;
  revocations: Revocations;
  ssoSessions: SsoSessions;
  limit: LoginLimit;
  logger: Logger;
  metrics: Metrics;
  now: () => Date;
}

/** A failed log-in is answered late, so that guessing is slow: between half a second and a second. */
const failureDelay = (): number => 500 + Math.random() * 500;

/** Log-in, log-out and user info (reference §8.2, §8.5). */
export function mountSession(mount: Mount, parts: SessionParts): void {
  const { accounts, limit, logger, metrics, now } = parts;
  const logins = metrics.counter({
    name: 'argocd_login_request_total',
    help: 'Number of log-ins.',
    labels: ['status'],
  });
  mount.call('login', async ({ body, request, response, signal }) => {
    response.locals['loginName'] = body.username;
    try {
      await checkPassword(accounts, limit, body);
    } catch (error) {
      logins.inc({ status: 'failed' });
      logger.warn('log-in refused', { username: body.username.slice(0, 32), reason: errorMessage(error) });
      await sleep(failureDelay(), undefined, { signal }).catch(() => undefined);
      throw error;
    }
    logins.inc({ status: 'success' });
    const token = await issueLogin(accounts, body.username, now());
    setSessionCookie(request, response, token);
    return { token };
  });
  mount.call('logout', async ({ user, request, response }) => {
    await endSession(parts, user, { request, response });
    return {};
  });
  mount.call('userInfo', ({ user }) =>
    user
      ? { loggedIn: true, username: user.username, iss: user.issuer, groups: [...user.groups] }
      : { loggedIn: false },
  );
}

async function endSession(
  { revocations, ssoSessions }: SessionParts,
  user: User | undefined,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  // API keys and tokens of projects are taken back by name, not by a log-out.
  if (user?.login) await revocations.revoke(user.tokenId, user.expiresAt);
  if (user?.login && user.issuer !== issuer) await ssoSessions.end(user.tokenId);
  setSessionCookie(request, response, '');
}

/**
 * Where a log-out goes: to the provider's own for a session of the identity provider that has one, else to the start page. A
 * session that has ended here may still live there, so whose it was is believed of a token that is no longer valid.
 */
export function afterLogout(
  oidc: Pick<OidcSettings, 'issuer' | 'logoutUrl'> | undefined,
  user: Pick<User, 'issuer'> | undefined,
  request: Pick<Request, 'headers' | 'protocol'>,
): string {
  const token = tokenOf(request) ?? '';
  const foreign = user ? user.issuer !== issuer : oidc !== undefined && issuerOf(token) === oidc.issuer;
  const target = foreign ? oidc?.logoutUrl : undefined;
  if (!target) return '/';
  const home = `${request.protocol}://${request.headers.host ?? ''}/`;
  return target
    .replaceAll('{{token}}', encodeURIComponent(token))
    .replaceAll('{{logoutRedirectURL}}', encodeURIComponent(home));
}

/** The log-out of browsers (reference §8.3): revokes the token and goes to the start page, or to the provider's log-out. */
export function mountWebLogout(router: Router, parts: SessionParts): void {
  router.get('/auth/logout', async (request, response) => {
    const user = await parts.authenticate(request).catch(() => undefined);
    await endSession(parts, user, { request, response });
    response.redirect(303, afterLogout(parts.accounts.access().oidc, user, request));
  });
}
