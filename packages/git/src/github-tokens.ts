import { createPrivateKey, type KeyObject } from 'node:crypto';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { signedToken } from './cloud/json-web-token.ts';
import type { Token } from './cloud/token-memory.ts';
import { readText, send } from './http/send.ts';
import type { GithubApp, RepositoryAccess } from './types.ts';

const publicApi = 'https://api.github.com';

function readKey({ appId, privateKey }: GithubApp): KeyObject {
  try {
    return createPrivateKey(privateKey);
  } catch (cause) {
    throw new PlumblineError('GIT_AUTHENTICATION', `the private key of GitHub App ${appId} can't be read`, {
      hint: 'githubAppPrivateKey holds the PEM file that GitHub made for the App',
      cause,
    });
  }
}

/** A JSON Web Token of the App: valid from a minute ago, against clocks that differ, for ten minutes in all. */
function appToken(app: GithubApp, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return signedToken({ iat: seconds - 60, exp: seconds + 540, iss: app.appId }, readKey(app));
}

function refused(app: GithubApp, status: number, words: string): PlumblineError {
  const text = `GitHub App ${app.appId} got no token for installation ${app.installationId}: HTTP ${status} ${words}`;
  const denied = status >= 400 && status < 500 && status !== 429;
  return new PlumblineError(denied ? 'GIT_AUTHENTICATION' : 'GIT_UNREACHABLE', text, {
    retry: denied ? 'terminal' : 'transient',
    hint: 'check githubAppID, githubAppInstallationID, githubAppPrivateKey and githubAppEnterpriseBaseUrl of the Secret',
  });
}

function readToken(app: GithubApp, { status, text }: { status: number; text: string }): Token {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw refused(app, status, 'without JSON');
  }
  const { token, expires_at: end, message } = answer as { token?: unknown; expires_at?: unknown; message?: unknown };
  if (status !== 201) throw refused(app, status, typeof message === 'string' ? message.slice(0, 300) : '');
  const expiresAt = Date.parse(String(end));
  if (typeof token !== 'string' || Number.isNaN(expiresAt)) throw refused(app, status, 'without a token');
  return { text: token, expiresAt };
}

/** A token that the App's installation gives out. Throws `GIT_AUTHENTICATION`, `GIT_UNREACHABLE` (transient). */
export async function requestGithubToken(app: GithubApp, access: RepositoryAccess, nowMs: number): Promise<Token> {
  const base = (app.baseUrl ?? publicApi).replace(/\/+$/, '');
  const url = `${base}/app/installations/${encodeURIComponent(app.installationId)}/access_tokens`;
  const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${appToken(app, nowMs)}` };
  const answer = await send(url, { method: 'POST', headers, access }, async ({ status, body }) => ({
    status,
    text: await readText(body),
  })).catch((cause: unknown) => {
    throw new PlumblineError('GIT_UNREACHABLE', `${base} gave no token: ${errorMessage(cause)}`, {
      retry: 'transient',
      cause,
    });
  });
  return readToken(app, answer);
}
