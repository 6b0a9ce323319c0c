import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { readText, send } from './http/send.ts';
import type { GithubApp, RepositoryAccess } from './types.ts';

/** Exchanges GitHub App credentials for tokens and remembers these until shortly before they expire. */
export interface GithubTokens {
  /**
   * The access with user and password in the place of the App; as it is where it names none. Throws `GIT_AUTHENTICATION`
   * where GitHub refuses or the key is none, `GIT_UNREACHABLE` (transient) where there is no usable answer.
   */
  exchange(access: RepositoryAccess): Promise<RepositoryAccess>;
}

interface Token {
  text: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

const publicApi = 'https://api.github.com';
/** A token that ends sooner (ms) is not given out: a fetch may take that long. */
const marginMs = 10 * 60_000;

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

/** A JSON Web Token (RS256) of the App: valid from a minute ago, against clocks that differ, for ten minutes in all. */
function appToken(app: GithubApp, nowMs: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(nowMs / 1000);
  const claims = encode({ iat: seconds - 60, exp: seconds + 540, iss: app.appId });
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${claims}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), readKey(app)).toString('base64url')}`;
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

async function requestToken(app: GithubApp, access: RepositoryAccess, nowMs: number): Promise<Token> {
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

export function createGithubTokens(): GithubTokens {
  const known = new Map<string, Token>();
  const asked = new Map<string, Promise<Token>>();

  const ask = (key: string, app: GithubApp, access: RepositoryAccess): Promise<Token> => {
    const answer = requestToken(app, access, Date.now())
      .then((token) => {
        known.set(key, token);
        return token;
      })
      .finally(() => asked.delete(key));
    asked.set(key, answer);
    return answer;
  };

  const tokenFor = async (app: GithubApp, access: RepositoryAccess): Promise<string> => {
    const key = createHash('sha256').update(JSON.stringify(app)).digest('hex');
    const remembered = known.get(key);
    if (remembered && remembered.expiresAt - marginMs > Date.now()) return remembered.text;
    return (await (asked.get(key) ?? ask(key, app, access))).text;
  };

  return {
    async exchange({ githubApp, ...access }) {
      if (!githubApp) return access;
      return { ...access, username: 'x-access-token', password: await tokenFor(githubApp, access) };
    },
  };
}
