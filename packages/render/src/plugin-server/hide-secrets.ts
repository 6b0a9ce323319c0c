import type { RepositoryAccess } from '@plumbline/git';

/** Shorter ones are parts of ordinary words. */
const minLength = 4;

/** A text of a command without the secrets that were lent to it, however they are written. */
export function hideSecrets(text: string, access: RepositoryAccess | undefined): string {
  if (!access) return text;
  const { username = '', password = '', bearerToken = '' } = access;
  const pair = password === '' ? '' : Buffer.from(`${username}:${password}`).toString('base64');
  const proxyPassword = access.proxy && URL.canParse(access.proxy) ? new URL(access.proxy).password : '';
  const secrets = [password, encodeURIComponent(password), pair, bearerToken.trim(), proxyPassword];
  return secrets
    .filter((secret) => secret.length >= minLength)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
