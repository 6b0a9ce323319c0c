import { createPrivateKey, type KeyObject } from 'node:crypto';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { signedToken } from '../cloud/json-web-token.ts';
import type { Token } from '../cloud/token-memory.ts';
import { readText, send } from '../http/send.ts';
import type { GithubApp, RepositoryAccess } from '../types.ts';

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

interface Answer {
  status: number;
  text: string;
}

function refused(app: GithubApp, wanted: string, { status }: Answer, words: string): PlumblineError {
  const text = `GitHub App ${app.appId} got no ${wanted}: HTTP ${status} ${words}`;
  const denied = status >= 400 && status < 500 && status !== 429;
  return new PlumblineError(denied ? 'GIT_AUTHENTICATION' : 'GIT_UNREACHABLE', text, {
    retry: denied ? 'terminal' : 'transient',
    hint: 'check githubAppID, githubAppInstallationID, githubAppPrivateKey and githubAppEnterpriseBaseUrl of the Secret',
  });
}

/** The JSON of an answer that has the status which is hoped for. */
function readAnswer(app: GithubApp, wanted: { what: string; status: number }, answer: Answer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(answer.text);
  } catch {
    throw refused(app, wanted.what, answer, 'without JSON');
  }
  if (answer.status === wanted.status) return value;
  const { message } = (value ?? {}) as { message?: unknown };
  throw refused(app, wanted.what, answer, typeof message === 'string' ? message.slice(0, 300) : '');
}

function readToken(app: GithubApp, installation: string, answer: Answer): Token {
  const what = `token for installation ${installation}`;
  const { token, expires_at: end } = (readAnswer(app, { what, status: 201 }, answer) ?? {}) as Record<string, unknown>;
  const expiresAt = Date.parse(String(end));
  if (typeof token !== 'string' || Number.isNaN(expiresAt)) throw refused(app, what, answer, 'without a token');
  return { text: token, expiresAt };
}

type Ask = (method: 'GET' | 'POST', path: string) => Promise<Answer>;

function asker(app: GithubApp, access: RepositoryAccess, nowMs: number): Ask {
  const base = (app.baseUrl ?? publicApi).replace(/\/+$/, '');
  const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${appToken(app, nowMs)}` };
  return (method, path) =>
    send(`${base}/app/installations${path}`, { method, headers, access }, async ({ status, body }) => ({
      status,
      text: await readText(body),
    })).catch((cause: unknown) => {
      throw new PlumblineError('GIT_UNREACHABLE', `${base} gave no token: ${errorMessage(cause)}`, {
        retry: 'transient',
        cause,
      });
    });
}

const pageSize = 100;
const mostPages = 100;

/** The installation of an account, whatever the case of its name; that is how GitHub takes names. */
async function findInstallation(app: GithubApp, account: string, ask: Ask): Promise<string> {
  const what = `installation for ${account}`;
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await ask('GET', `?per_page=${pageSize}&page=${page}`);
    const items = readAnswer(app, { what, status: 200 }, answer);
    if (!Array.isArray(items)) throw refused(app, what, answer, 'without a list');
    const found = items.find((item) => String(item?.account?.login).toLowerCase() === account.toLowerCase());
    if (found) return String(found.id);
    if (items.length < pageSize) break;
  }
  throw new PlumblineError('GIT_AUTHENTICATION', `GitHub App ${app.appId} is not installed for ${account}`, {
    hint: 'install the App there, or name another installation in githubAppInstallationID; check githubAppPrivateKey too',
  });
}

/** The account that a repository belongs to: the first part of its path. */
export function accountOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*\/+/i, '').replace(/^[^/]*:/, '');
  return path.split('/')[0] ?? '';
}

/** A token that the App's installation gives out. Throws `GIT_AUTHENTICATION`, `GIT_UNREACHABLE` (transient). */
export async function requestGithubToken(app: GithubApp, access: RepositoryAccess, nowMs: number): Promise<Token> {
  const ask = asker(app, access, nowMs);
  const installation = app.installationId ?? (await findInstallation(app, accountOf(access.url), ask));
  return readToken(app, installation, await ask('POST', `/${encodeURIComponent(installation)}/access_tokens`));
}
