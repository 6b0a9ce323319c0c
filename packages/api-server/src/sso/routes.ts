import type { Store } from '@plumbline/store';
import type { Logger } from '@plumbline/telemetry';
import type { Request, Response, Router } from 'express';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { apiFailure } from '../http/api-failure.ts';
import { cookieOf, setSessionCookie } from '../session/cookie.ts';
import type { Provider } from './provider.ts';
import { offlineParameters } from './refresh-grant.ts';
import type { SsoSessions } from './sso-sessions.ts';
import { tokenIdOf } from './sso-user.ts';
import type { UserInfo } from './user-info.ts';

export interface SsoRouteParts {
  provider: () => Promise<Provider | undefined>;
  store: Pick<Store, 'sealed'>;
  /** External address of the server; '' where the settings have none. */
  url: () => string;
  userInfo: UserInfo;
  ssoSessions: Pick<SsoSessions, 'begin'>;
  logger: Logger;
  now: () => Date;
}

/** What is kept of a log-in between going to the provider and coming back. */
interface Pending {
  verifier: string;
  nonce: string;
  returnUrl: string;
}

const pendingSeconds = 600;
/** Binds a log-in to the browser that began it. */
const stateCookie = 'argocd.oauthstate';
const keyOf = (state: string): string => `sso-login:${state}`;

/** A place of ours to go to after the log-in; anything else would make us a springboard for other sites. */
export function safeReturnUrl(asked: unknown, url: string): string {
  if (typeof asked !== 'string' || asked === '') return '/';
  if (/^\/(?![/\\])/.test(asked)) return asked;
  return URL.canParse(asked) && new URL(asked).origin === new URL(url).origin ? asked : '/';
}

function setState(request: Request, response: Response, state: string): void {
  const secure = request.secure ? '; Secure' : '';
  const life = state ? pendingSeconds : 0;
  response.append(
    'set-cookie',
    `${stateCookie}=${state}; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=${life}${secure}`,
  );
}

async function needed({ provider, url }: SsoRouteParts): Promise<{ provider: Provider; url: string }> {
  const found = await provider();
  if (!found)
    throw apiFailure(
      'FailedPrecondition',
      'SSO is not configured: neither oidc.config nor dex.config of argocd-cm is set',
    );
  if (url() === '') throw apiFailure('FailedPrecondition', 'SSO needs the external address: set url in argocd-cm');
  return { provider: found, url: url() };
}

async function begin(parts: SsoRouteParts, request: Request, response: Response): Promise<void> {
  const { provider, url } = await needed(parts);
  const { idTokenClaims } = provider.settings;
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const pending: Pending = { verifier, nonce, returnUrl: safeReturnUrl(request.query['return_url'], url) };
  await parts.store.sealed.set(keyOf(state), Buffer.from(JSON.stringify(pending)), pendingSeconds);
  const target = oidc.buildAuthorizationUrl(provider.client, {
    redirect_uri: `${url}/auth/callback`,
    ...offlineParameters(provider),
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(provider.settings.connectorId ? { connector_id: provider.settings.connectorId } : {}),
    ...(idTokenClaims ? { claims: JSON.stringify({ id_token: idTokenClaims }) } : {}),
  });
  setState(request, response, state);
  response.redirect(303, target.href);
}

async function finish(parts: SsoRouteParts, request: Request, response: Response): Promise<void> {
  const { provider, url } = await needed(parts);
  const state = cookieOf(request.headers.cookie, stateCookie) ?? '';
  const kept =
    state === '' || state !== request.query['state'] ? undefined : await parts.store.sealed.get(keyOf(state));
  if (!kept) throw apiFailure('InvalidArgument', 'this log-in was not begun here, or too long ago: begin again');
  // A code and its state are good for one time.
  await parts.store.sealed.set(keyOf(state), Buffer.from(''), 1);
  const pending = parsed(kept);
  const current = new URL(request.originalUrl, `${url}/`);
  const tokens = await oidc
    .authorizationCodeGrant(provider.client, current, {
      pkceCodeVerifier: pending.verifier,
      expectedNonce: pending.nonce,
      expectedState: state,
      idTokenExpected: true,
    })
    .catch((error: unknown) => {
      throw apiFailure('Unauthenticated', `the log-in at ${provider.settings.name} has failed`, error);
    });
  await rememberAccess(parts, provider, tokens);
  await parts.ssoSessions.begin(provider, tokens);
  setSessionCookie(request, response, tokens.id_token ?? '');
  setState(request, response, '');
  response.redirect(303, pending.returnUrl);
}

/** Keeps the access token where the provider is to be asked for groups with it. */
async function rememberAccess(
  { userInfo, now }: SsoRouteParts,
  { settings }: Provider,
  { id_token: token = '', access_token: accessToken }: oidc.TokenEndpointResponse,
): Promise<void> {
  if (!settings.userInfo) return;
  const claims = decodeJwt(token);
  const left = (claims.exp ?? 0) - Math.floor(now().getTime() / 1000);
  await userInfo.remember(tokenIdOf(token, claims), accessToken, left);
}

function parsed(kept: Buffer): Pending {
  if (kept.length === 0) throw apiFailure('InvalidArgument', 'this log-in has been used already: begin again');
  return JSON.parse(kept.toString('utf8')) as Pending;
}

/** The log-in of browsers over an identity provider: OpenID Connect with PKCE (reference §8.3). */
export function mountSso(router: Router, parts: SsoRouteParts): void {
  router.get('/auth/login', (request, response) => begin(parts, request, response));
  router.get('/auth/callback', (request, response) => finish(parts, request, response));
}
