import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { PlumblineError } from '@plumbline/errors';
import type { RepositoryAccess } from './types.ts';

export type Protocol = 'https' | 'http' | 'file' | 'ssh';

const scpLike = /^(?:\w[\w.-]*@)?\w[\w.-]*:(?!:|\/\/)/;
const protocols: Record<string, Protocol> = { 'https:': 'https', 'http:': 'http', 'file:': 'file', 'ssh:': 'ssh' };

function invalid(url: string, reason: string): PlumblineError {
  return new PlumblineError('GIT_URL_INVALID', `repository URL ${url} can't be used: ${reason}`, {
    hint: 'use https://, ssh:// or file://',
  });
}

function parse(url: string): URL {
  if (/[\s\0]/.test(url)) throw invalid(url, 'it has a space or a control character in it');
  try {
    return new URL(url);
  } catch (cause) {
    throw new PlumblineError('GIT_URL_INVALID', `repository URL ${url} is not a URL`, { cause });
  }
}

/** The protocol of a repository URL. Throws `GIT_URL_INVALID` for anything but https, http, ssh (also scp-like) and file. */
export function protocolOf(url: string): Protocol {
  if (scpLike.test(url)) return 'ssh';
  const protocol = protocols[parse(url).protocol];
  if (!protocol) throw invalid(url, 'its protocol is not allowed');
  return protocol;
}

/** One spelling per repository: scheme and host in lower case, no credentials, no default port, no trailing slash. */
export function normaliseUrl(url: string): string {
  if (protocolOf(url) === 'ssh' && scpLike.test(url)) return url.replace(/\/+$/, '');
  const parsed = parse(url);
  if (parsed.protocol !== 'ssh:') parsed.username = '';
  parsed.password = '';
  return parsed.href.replace(/\/+$/, '');
}

/** The folder name of a repository's mirror: 32 hex digits of the normalised URL's digest. */
export function repositoryDigest(url: string): string {
  return createHash('sha256').update(normaliseUrl(url)).digest('hex').slice(0, 32);
}

/** The path on disk that a file:// URL names. */
export function filePathOf(url: string): string {
  return fileURLToPath(normaliseUrl(url));
}

/**
 * The access with the URL in its normal form. User and password written in an http URL are moved into their fields, so
 * that they never reach an argument list, a log or a label.
 */
export function normaliseAccess(access: RepositoryAccess): RepositoryAccess {
  const url = normaliseUrl(access.url);
  const protocol = protocolOf(url);
  if (protocol !== 'https' && protocol !== 'http') return { ...access, url };
  const { username, password } = parse(access.url);
  return {
    ...access,
    url,
    ...(username && !access.username ? { username: decodeURIComponent(username) } : {}),
    ...(password && !access.password ? { password: decodeURIComponent(password) } : {}),
  };
}

/** The Authorization header for an http repository: bearer token, else user and password, else none. */
export function authorizationOf(access: RepositoryAccess): string | undefined {
  if (access.bearerToken) return `Bearer ${access.bearerToken.trim()}`;
  if (!access.username && !access.password) return undefined;
  const pair = `${access.username ?? ''}:${access.password ?? ''}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
