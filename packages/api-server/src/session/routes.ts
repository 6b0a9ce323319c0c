import { errorMessage } from '@plumbline/errors';
import { sessionCookie } from '@plumbline/protocol';
import type { Logger, Metrics } from '@plumbline/telemetry';
import type { Response } from 'express';
import type { Mount } from '../http/mount.ts';
import { checkPassword } from './password.ts';
import { issueToken } from './tokens.ts';
import type { AccountSettings } from './user.ts';

export interface SessionParts {
  accounts: AccountSettings;
  logger: Logger;
  metrics: Metrics;
  now: () => Date;
}

/** Not readable by scripts, not sent by other sites' forms. */
function setCookie(response: Response, token: string): void {
  const ending = token ? '' : '; Max-Age=0';
  response.set('set-cookie', `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Lax${ending}`);
}

/** Log-in, log-out and user info (reference §8.2, §8.5). */
export function mountSession(mount: Mount, { accounts, logger, metrics, now }: SessionParts): void {
  const logins = metrics.counter({
    name: 'argocd_login_request_total',
    help: 'Number of log-ins.',
    labels: ['status'],
  });
  mount.call('login', async ({ body, response }) => {
    try {
      await checkPassword(accounts, body.username, body.password);
    } catch (error) {
      logins.inc({ status: 'failed' });
      logger.warn('log-in refused', { username: body.username.slice(0, 32), reason: errorMessage(error) });
      throw error;
    }
    logins.inc({ status: 'success' });
    const token = await issueToken(accounts, body.username, now());
    setCookie(response, token);
    return { token };
  });
  mount.call('logout', ({ response }) => {
    setCookie(response, '');
    return {};
  });
  mount.call('userInfo', ({ user }) =>
    user ? { loggedIn: true, username: user.username, iss: user.issuer, groups: [] } : { loggedIn: false },
  );
}
