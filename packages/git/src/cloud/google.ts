import { createPrivateKey, type KeyObject } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import type { RepositoryAccess } from '../types.ts';
import { askToken, endOf, type TokenQuestion, textOf } from './ask-token.ts';
import { signedToken } from './json-web-token.ts';
import type { Token } from './token-memory.ts';

interface ServiceAccount {
  email: string;
  key: KeyObject;
  keyId: string;
  tokenUrl: string;
}

const scope = 'https://www.googleapis.com/auth/cloud-platform';
const hint = 'gcpServiceAccountKey holds the JSON file that Google made for a key of the service account';

function unusable(reason: string): PlumblineError {
  return new PlumblineError('GIT_AUTHENTICATION', `gcpServiceAccountKey can't be used: ${reason}`, { hint });
}

/** Throws `GIT_AUTHENTICATION`, with nothing of the key in it. */
function readAccount(text: string): ServiceAccount {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unusable('it is no JSON');
  }
  const fields = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const field = (name: string, otherwise = '') => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : otherwise;
  };
  if (field('type') !== 'service_account') throw unusable('its type is not service_account');
  const email = field('client_email');
  if (email === '') throw unusable('it has no client_email');
  try {
    const key = createPrivateKey(field('private_key'));
    const tokenUrl = field('token_uri', 'https://oauth2.googleapis.com/token');
    return { email, key, keyId: field('private_key_id'), tokenUrl };
  } catch {
    throw unusable('its private_key is no PEM key');
  }
}

/** The user that the token belongs to. Throws `GIT_AUTHENTICATION`. */
export function googleUser(serviceAccountKey: string): string {
  return readAccount(serviceAccountKey).email;
}

/** An access token of a service account, for a JSON Web Token that it signs (RFC 7523). */
export async function googleToken(serviceAccountKey: string, access: RepositoryAccess, now: number): Promise<Token> {
  const { email, key, keyId, tokenUrl } = readAccount(serviceAccountKey);
  const seconds = Math.floor(now / 1_000);
  const claims = { iss: email, scope, aud: tokenUrl, iat: seconds, exp: seconds + 3_600 };
  const question: TokenQuestion = {
    url: tokenUrl,
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: signedToken(claims, key, keyId ? { kid: keyId } : {}),
    },
    who: `Google service account ${email}`,
    hint,
  };
  const answer = await askToken(question, access);
  return { text: textOf(answer, 'access_token', question), expiresAt: endOf(answer, now) };
}
