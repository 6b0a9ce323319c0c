import { PlumblineError } from '@plumbline/errors';
import type { LfsPointer } from './pointer.ts';

/** The object of a pointer can't be had, and asking again does not help. */
export function lfsRefused(url: string, { digest, size }: LfsPointer, reason: string): PlumblineError {
  const text = `LFS object ${digest.slice(0, 12)} (${size} bytes) of ${url} can't be read: ${reason}`;
  return new PlumblineError('GIT_LFS_OBJECT', text, { details: { repository: url, object: digest } });
}

/** As {@link lfsRefused}, by the status of an HTTP answer: 401 and 403 are about credentials, 5xx and 429 may pass. */
export function lfsAnswer(url: string, pointer: LfsPointer, status: number): PlumblineError {
  const { message, details } = lfsRefused(url, pointer, `the server answered HTTP ${status}`);
  if (status === 401 || status === 403) {
    const hint = "the repository's credentials are missing or may not read its LFS objects: check its Secret";
    return new PlumblineError('GIT_AUTHENTICATION', message, { hint, details });
  }
  const retry = status >= 500 || status === 429 ? 'transient' : 'terminal';
  return new PlumblineError('GIT_LFS_OBJECT', message, { retry, details });
}
