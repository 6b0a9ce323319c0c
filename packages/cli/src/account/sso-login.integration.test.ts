import { eventually, type IdentityProvider, identityProvider } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeTerminal } from '../test-support/fake-terminal.ts';
import { freePort } from '../test-support/free-port.ts';
import { ssoTokens } from './sso-login.ts';

let provider: IdentityProvider;
let port: number;

beforeAll(async () => {
  port = await freePort();
  const redirectUri = `http://localhost:${port}/auth/callback`;
  provider = await identityProvider({ clientId: 'plumb-cli', redirectUri, groups: { ann: ['team'] } });
}, 60_000);

afterAll(() => provider.close());

const settings = () => ({
  oidcConfig: {
    name: 'Test',
    issuer: provider.issuer,
    clientID: 'of-the-server',
    cliClientID: 'plumb-cli',
    scopes: ['openid', 'groups'],
    enablePKCEAuthentication: true,
  },
});

describe('plumb login --sso', () => {
  it('gets the ID token of whoever logs in with the browser', async () => {
    const { terminal, written } = fakeTerminal();
    const token = ssoTokens(terminal, settings(), { ssoPort: port, ssoLaunchBrowser: false });
    const address = () => /^http\S+$/m.exec(written.err)?.[0];
    const target = await eventually(async () => address(), { what: 'the address' });
    const back = await provider.logIn(target, 'ann', `http://localhost:${port}/`);
    expect(await (await fetch(back)).text()).toContain('logged in');
    const [, claims = ''] = (await token).token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'ann', groups: ['team'] });
  });

  it('refuses an answer to a log-in that it has not begun', async () => {
    const { terminal } = fakeTerminal();
    const token = ssoTokens(terminal, settings(), { ssoPort: port, ssoLaunchBrowser: false });
    const refused = expect(token).rejects.toThrow('the log-in at Test has failed');
    const forge = () => fetch(`http://localhost:${port}/auth/callback?code=x&state=y`);
    await eventually(forge, { what: 'the forged answer to be taken' });
    await refused;
  });

  it('says where a server has no identity provider', async () => {
    const { terminal } = fakeTerminal();
    await expect(ssoTokens(terminal, {}, { ssoPort: port, ssoLaunchBrowser: false })).rejects.toThrow(
      'no identity provider',
    );
  });
});
