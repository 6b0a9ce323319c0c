import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookSecrets } from '@plumbline/settings';
import type { Header, Provider } from './providers.ts';

function equal(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHmac('sha256', 'compare').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

const hmac = (algorithm: 'sha256' | 'sha1', secret: string, body: Buffer): string =>
  createHmac(algorithm, secret).update(body).digest('hex');

/** `sha256=…`, or of old senders `sha1=…`. */
function signed(value: string | undefined, secret: string, body: Buffer): boolean {
  const [algorithm, digest = ''] = (value ?? '').split('=');
  return (algorithm === 'sha256' || algorithm === 'sha1') && equal(digest.toLowerCase(), hmac(algorithm, secret, body));
}

function basic(value: string | undefined, { username, password }: { username: string; password: string }): boolean {
  const [scheme = '', encoded = ''] = (value ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') return false;
  return equal(Buffer.from(encoded, 'base64').toString('utf8'), `${username}:${password}`);
}

/** Whether a sender is who it says; where no secret is set for it, everybody is (reference §8.4). */
export function isGenuine(
  provider: Provider,
  sent: { header: Header; body: Buffer },
  secrets: WebhookSecrets,
): boolean {
  const { header, body } = sent;
  switch (provider) {
    case 'github':
      return (
        !secrets.github || signed(header('x-hub-signature-256') ?? header('x-hub-signature'), secrets.github, body)
      );
    case 'gogs': {
      if (!secrets.gogs) return true;
      const signature = header('x-gogs-signature') ?? header('x-gitea-signature') ?? '';
      return equal(signature.toLowerCase(), hmac('sha256', secrets.gogs, body));
    }
    case 'gitlab':
      return !secrets.gitlab || equal(header('x-gitlab-token') ?? '', secrets.gitlab);
    case 'bitbucket':
      return !secrets.bitbucketUuid || equal(header('x-hook-uuid') ?? '', secrets.bitbucketUuid);
    case 'bitbucket-server':
      return !secrets.bitbucketServer || signed(header('x-hub-signature'), secrets.bitbucketServer, body);
    case 'azure-devops':
      return !secrets.azureDevOps || basic(header('authorization'), secrets.azureDevOps);
    case 'harbor':
    case 'plain':
      return !secrets.plain || signed(header('x-hub-signature-256'), secrets.plain, body);
  }
}
