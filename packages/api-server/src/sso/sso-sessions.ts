import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '@plumbline/errors';
import type { Store } from '@plumbline/store';
import type { Logger } from '@plumbline/telemetry';
import { decodeJwt } from 'jose';
import type { TokenEndpointResponse } from 'openid-client';
import type { Revocations } from '../session/revocations.ts';
import type { User } from '../session/user.ts';
import { createKeptSessions, type KeptSessions, type RenewableSession } from './kept-sessions.ts';
import type { Provider } from './provider.ts';
import { type RefreshedTokens, RefreshRefused, refreshTokens } from './refresh-grant.ts';
import { tokenIdOf } from './sso-user.ts';
import type { UserInfo } from './user-info.ts';

/** Sessions of the identity provider that go on beyond their ID token (reference §10.1, `refreshTokenThreshold`). */
export interface SsoSessions {
  /** Keeps what a log-in has brought besides the ID token. */
  begin(provider: Provider, tokens: TokenEndpointResponse): Promise<void>;
  /** The ID token that the session goes on with; undefined where it stays as it is. Never throws. */
  renew(user: User): Promise<string | undefined>;
  /** Ends the session of a token that is revoked, with all tokens that it had before and after. */
  end(tokenId: string): Promise<void>;
}

export interface SsoSessionsOptions {
  store: Pick<Store, 'sealed' | 'counters'>;
  provider: () => Promise<Provider | undefined>;
  revocations: Revocations;
  userInfo: UserInfo;
  /** How long a refresh token is kept that is not used, in milliseconds; read at each use. */
  sessionMs: () => number;
  logger: Logger;
  now: () => Date;
}

type Context = SsoSessionsOptions & { kept: KeptSessions };

/** How long one API server may take for an exchange, and how long none tries again after one that failed. */
const claimMs = 30_000;
/** A request waits no longer for a provider; the one after it gets what has come. */
const patienceMs = 5_000;

const seconds = (date: Date): number => date.getTime() / 1000;

function rememberAccess({ userInfo, now }: Context, tokens: RefreshedTokens): Promise<void> {
  const { claims, idToken, accessToken } = tokens;
  return userInfo.remember(tokenIdOf(idToken, claims), accessToken, Math.floor((claims.exp ?? 0) - seconds(now())));
}

async function begin(context: Context, { settings }: Provider, tokens: TokenEndpointResponse): Promise<void> {
  const { id_token: idToken, refresh_token: refreshToken } = tokens;
  if (settings.refreshThresholdMs === 0 || !idToken || !refreshToken) return;
  const claims = decodeJwt(idToken);
  const session = { kind: 'renewable', subject: claims.sub ?? '', refreshToken, earlier: [] } as const;
  await context.kept.keep(tokenIdOf(idToken, claims), session, context.sessionMs() / 1000);
}

async function end({ kept, revocations }: Context, tokenId: string): Promise<void> {
  const revoke = async (other: string, expiresAt: number): Promise<void> => {
    await revocations.revoke(other, expiresAt);
    await kept.forget(other);
  };
  let current = tokenId;
  for (;;) {
    const session = await kept.find(current);
    await kept.forget(current);
    if (!session) return;
    if (session.kind === 'renewable') {
      for (const earlier of session.earlier) await revoke(earlier.tokenId, earlier.expiresAt);
      return;
    }
    const claims = decodeJwt(session.idToken);
    current = tokenIdOf(session.idToken, claims);
    await revocations.revoke(current, claims.exp ?? 0);
  }
}

const claimOf = (tokenId: string): string => `sso-renewal:${tokenId}`;

/** Whether this process is the one that exchanges; the others find the new token later. */
async function claimed({ store: { counters } }: Context, tokenId: string): Promise<boolean> {
  const key = claimOf(tokenId);
  return (await counters.get(key)) === 0 && (await counters.increment(key, claimMs)) === 1;
}

/** Keeps the session under its new token. The old one leads there as long as it is valid: others may have been sent with it. */
async function goOn(context: Context, user: User, session: RenewableSession, tokens: RefreshedTokens): Promise<void> {
  const { kept, sessionMs, now, store } = context;
  const { idToken, refreshToken, claims } = tokens;
  const tokenId = tokenIdOf(idToken, claims);
  const time = seconds(now());
  const before = { tokenId: user.tokenId, expiresAt: user.expiresAt };
  const earlier = [...session.earlier, before].filter((token) => token.expiresAt > time && token.tokenId !== tokenId);
  await kept.keep(tokenId, { ...session, refreshToken, earlier }, sessionMs() / 1000);
  if (tokenId !== user.tokenId) await kept.keep(user.tokenId, { kind: 'renewed', idToken }, user.expiresAt - time);
  // Within one second a provider may sign the very same token again: nothing is gained yet.
  else await store.counters.delete(claimOf(tokenId));
}

/** A new token that has no more left than the threshold is good for half of its life all the same. */
function isDue({ issuedAt = 0, expiresAt }: User, session: RenewableSession, time: number): boolean {
  return session.earlier.length === 0 || expiresAt - time < (expiresAt - issuedAt) / 2;
}

async function renewed(context: Context, provider: Provider, user: User): Promise<string | undefined> {
  const { kept, revocations, logger, now } = context;
  const session = await kept.find(user.tokenId);
  if (!session) return undefined;
  if (session.kind === 'renewed') {
    const revoked = await revocations.isRevoked(tokenIdOf(session.idToken, decodeJwt(session.idToken)));
    return revoked ? undefined : session.idToken;
  }
  if (!isDue(user, session, seconds(now())) || !(await claimed(context, user.tokenId))) return undefined;
  // Another server may have exchanged it before the claim was ours.
  const current = await kept.find(user.tokenId);
  if (current?.kind !== 'renewable') return undefined;
  try {
    const tokens = await refreshTokens(provider, current, now);
    if (provider.settings.userInfo) await rememberAccess(context, tokens);
    await goOn(context, user, current, tokens);
    if (!(await revocations.isRevoked(user.tokenId))) return tokens.idToken;
    await end(context, user.tokenId);
  } catch (error) {
    if (!(error instanceof RefreshRefused)) throw error;
    logger.info('a session is not renewed: it ends with its ID token', {
      username: user.username,
      reason: error.message,
    });
    await kept.forget(user.tokenId);
  }
  return undefined;
}

/** {@link SsoSessions} that all API servers share: a refresh token is used once, whoever asks at the same time. */
export function createSsoSessions(options: SsoSessionsOptions): SsoSessions {
  const context: Context = { ...options, kept: createKeptSessions(options.store) };
  const { logger, now } = options;
  const running = new Map<string, Promise<string | undefined>>();
  const notNow = (user: User) => (error: unknown) => {
    logger.warn('a session cannot be renewed now', { username: user.username, reason: errorMessage(error) });
    return undefined;
  };
  const once = (provider: Provider, user: User): Promise<string | undefined> => {
    const found = running.get(user.tokenId);
    if (found) return found;
    const renewal = renewed(context, provider, user)
      .catch(notNow(user))
      .finally(() => running.delete(user.tokenId));
    running.set(user.tokenId, renewal);
    return renewal;
  };
  return {
    begin: (provider, tokens) => begin(context, provider, tokens),
    renew: async (user) => {
      const provider = await options.provider().catch(notNow(user));
      if (!provider || user.issuer !== provider.settings.issuer) return undefined;
      if ((user.expiresAt - seconds(now())) * 1000 >= provider.settings.refreshThresholdMs) return undefined;
      return Promise.race([once(provider, user), sleep(patienceMs, undefined, { ref: false })]);
    },
    end: (tokenId) => end(context, tokenId),
  };
}
