import { Fatal } from '../fatal.ts';
import { probeTls } from './probe-tls.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/i;

export interface AddressOptions {
  /** HTTP, whatever the server speaks. */
  plaintext?: boolean | undefined;
  insecure?: boolean | undefined;
  /** Path below which the server answers. */
  grpcWebRootPath?: string | undefined;
}

/** A server as a user writes it. Throws Fatal where it is no address. */
export function parseServer(text: string): { url: URL; hasScheme: boolean; onThisMachine: boolean } {
  const hasScheme = /^https?:\/\//i.test(text);
  try {
    const url = new URL(hasScheme ? text : `https://${text}`);
    return { url, hasScheme, onThisMachine: loopback.test(url.hostname) };
  } catch {
    throw new Fatal(`"${text}" is no server address`, { next: 'write it as host:port or as a URL', exitCode: 1 });
  }
}

/** The URL without a trailing slash, with the path that the flags add. */
export function rootOf(url: URL, { grpcWebRootPath = '' }: AddressOptions): string {
  const path = `${url.pathname}/${grpcWebRootPath}`.replace(/\/+/g, '/').replace(/\/$/, '');
  return url.origin + path;
}

/** The same with another scheme; the port stays. */
export function withScheme(url: URL, scheme: 'http' | 'https'): URL {
  return new URL(`${scheme}://${url.host}${url.pathname}`);
}

/**
 * The URL of a server as a user writes it: without a scheme it is https; on the own machine, where `plumb up` serves plain
 * HTTP, what the server speaks. `plaintext` asks for HTTP.
 */
export async function urlOfServer(text: string, options: AddressOptions = {}): Promise<string> {
  const { url, hasScheme, onThisMachine } = parseServer(text);
  if (hasScheme) return rootOf(url, options);
  if (options.plaintext) return rootOf(withScheme(url, 'http'), options);
  if (!onThisMachine) return rootOf(url, options);
  // Who cannot be reached is told when something is asked of him.
  const answer = await probeTls(url).catch(() => ({ tls: false }));
  return rootOf(withScheme(url, answer.tls ? 'https' : 'http'), options);
}
