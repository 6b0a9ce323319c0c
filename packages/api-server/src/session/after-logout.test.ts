import { UnsecuredJWT } from 'jose';
import { expect, it } from 'vitest';
import { afterLogout } from './routes.ts';

const oidc = {
  issuer: 'https://idp.example',
  logoutUrl: 'https://idp.example/end?id_token_hint={{token}}&post_logout_redirect_uri={{logoutRedirectURL}}',
};
const tokenOf = (iss: string) => new UnsecuredJWT({ iss, exp: 1 }).encode();
const request = (token: string) => ({
  headers: { cookie: `argocd.token=${token}`, host: 'argo.example' },
  protocol: 'https',
});

it('goes to the log-out of the provider, also where the token has expired here', () => {
  const token = tokenOf(oidc.issuer);
  const target = `https://idp.example/end?id_token_hint=${encodeURIComponent(token)}&post_logout_redirect_uri=https%3A%2F%2Fargo.example%2F`;
  expect(afterLogout(oidc, { issuer: oidc.issuer }, request(token))).toBe(target);
  expect(afterLogout(oidc, undefined, request(token))).toBe(target);
});

it('goes to the start page for sessions of ours, of others and of nobody', () => {
  expect(afterLogout(oidc, { issuer: 'argocd' }, request(tokenOf('argocd')))).toBe('/');
  expect(afterLogout(oidc, undefined, request(tokenOf('https://evil.example')))).toBe('/');
  expect(afterLogout(oidc, undefined, request('nonsense'))).toBe('/');
  expect(afterLogout(undefined, undefined, request(tokenOf('x')))).toBe('/');
});
