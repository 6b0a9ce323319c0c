import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { ServerSettings } from '@plumbline/protocol';
import * as oidc from 'openid-client';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';

export interface SsoOptions {
  /** Of the page that the browser comes back to; the identity provider must know it. */
  ssoPort: number;
  ssoLaunchBrowser: boolean;
}

type ProviderSettings = Pick<ServerSettings, 'oidcConfig' | 'dexConfig'> & Partial<Pick<ServerSettings, 'url'>>;

const patienceMs = 5 * 60_000;

function openBrowser(url: string): void {
  const programs: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };
  const child = spawn(programs[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // The address is on the screen.
  child.unref();
}

interface Waiting {
  /** The address that the browser came back with. */
  back: Promise<URL>;
  close(): void;
}

async function waitForBrowser(port: number): Promise<Waiting> {
  const { promise, resolve, reject } = Promise.withResolvers<URL>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://localhost:${port}`);
    const expected = url.pathname === '/auth/callback';
    response.writeHead(expected ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(expected ? 'You are logged in. You can close this page.' : 'There is nothing here.');
    if (expected) resolve(url);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) =>
      failed(
        new Fatal(`cannot listen on port ${port}: ${error.message}`, { next: 'name another one with --sso-port' }),
      ),
    );
    server.listen(port, 'localhost', listening);
  });
  const late = setTimeout(() => reject(new Fatal('nobody has logged in within five minutes')), patienceMs);
  const close = (): void => {
    clearTimeout(late);
    server.close();
    server.closeAllConnections();
  };
  return { back: promise, close };
}

async function discover({ issuer, clientId }: { issuer: string; clientId: string }): Promise<oidc.Configuration> {
  // Plain HTTP is for a provider on the same machine.
  const insecure = new URL(issuer).protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {};
  return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), insecure).catch((error: Error) => {
    throw new Fatal(`cannot ask the identity provider ${issuer}: ${error.message}`);
  });
}

/** The provider to log in at: the one of the settings, or dex, which the server has under its own address. */
function providerOf({ oidcConfig, dexConfig, url }: ProviderSettings) {
  if (oidcConfig || !dexConfig) return oidcConfig;
  const scopes = ['openid', 'profile', 'email', 'groups', 'federated:id'];
  return { name: 'Dex', issuer: `${url}/api/dex`, clientID: 'argo-cd-cli', cliClientID: 'argo-cd-cli', scopes };
}

/** Logs in at the identity provider of a server, in the browser, by the authorization code with PKCE. Gives the ID token. */
export async function ssoToken(
  terminal: Terminal,
  settings: ProviderSettings,
  { ssoPort, ssoLaunchBrowser }: SsoOptions,
): Promise<string> {
  const config = providerOf(settings);
  if (!config) throw new Fatal('the server has no identity provider', { next: 'log in with --username' });
  const client = await discover({ issuer: config.issuer, clientId: config.cliClientID || config.clientID });
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const waiting = await waitForBrowser(ssoPort);
  try {
    const target = oidc.buildAuthorizationUrl(client, {
      redirect_uri: `http://localhost:${ssoPort}/auth/callback`,
      scope: config.scopes.join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    terminal.err(`Log in with your browser at ${config.name}:\n${target.href}\n`);
    if (ssoLaunchBrowser) openBrowser(target.href);
    const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(client, await waiting.back, checks).catch((error: unknown) => {
      if (error instanceof Fatal) throw error;
      throw new Fatal(`the log-in at ${config.name} has failed: ${(error as Error).message}`, {
        next: 'where the client of the server has a secret, set cliClientID in oidc.config to a public one',
      });
    });
    return tokens.id_token ?? '';
  } finally {
    waiting.close();
  }
}
