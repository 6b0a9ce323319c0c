import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import * as oidc from 'openid-client';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';
import { findProvider, offlineParameters, type ProviderSettings, type ServerWay } from './identity-provider.ts';

interface SsoOptions {
  /** Of the page that the browser comes back to; the identity provider must know it. */
  ssoPort: number;
  ssoLaunchBrowser: boolean;
  /** The server that wants the log-in. */
  server?: ServerWay;
}

/** What a log-in gives: the ID token is the session, and the refresh token, where there is one, is for a new one. */
interface SsoTokens {
  token: string;
  refreshToken?: string | undefined;
}

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

/** Logs in at the identity provider of a server, in the browser, by the authorization code with PKCE. */
export async function ssoTokens(
  terminal: Terminal,
  settings: ProviderSettings,
  { ssoPort, ssoLaunchBrowser, server }: SsoOptions,
): Promise<SsoTokens> {
  const provider = await findProvider(settings, server);
  const { client, name } = provider;
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const waiting = await waitForBrowser(ssoPort);
  try {
    const target = oidc.buildAuthorizationUrl(client, {
      redirect_uri: `http://localhost:${ssoPort}/auth/callback`,
      ...offlineParameters(provider),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    terminal.err(`Log in with your browser at ${name}:\n${target.href}\n`);
    if (ssoLaunchBrowser) openBrowser(target.href);
    const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(client, await waiting.back, checks).catch((error: unknown) => {
      if (error instanceof Fatal) throw error;
      throw new Fatal(`the log-in at ${name} has failed: ${(error as Error).message}`, {
        next: 'where the client of the server has a secret, set cliClientID in oidc.config to a public one',
      });
    });
    return { token: tokens.id_token ?? '', refreshToken: tokens.refresh_token };
  } finally {
    waiting.close();
  }
}
