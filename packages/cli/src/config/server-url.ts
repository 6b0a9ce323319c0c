import { Fatal } from '../fatal.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i;

/**
 * The URL of a server as a user writes it: without a scheme it is https, except on the own machine, where
 * `plumb up` serves plain HTTP. `plaintext` asks for HTTP.
 */
export function serverUrl(text: string, options: { plaintext?: boolean | undefined } = {}): string {
  const scheme = options.plaintext || loopback.test(text) ? 'http' : 'https';
  const full = /^https?:\/\//i.test(text) ? text : `${scheme}://${text}`;
  try {
    const url = new URL(full);
    return url.origin + url.pathname.replace(/\/+$/, '');
  } catch {
    throw new Fatal(`"${text}" is no server address`, { next: 'write it as host:port or as a URL' });
  }
}
