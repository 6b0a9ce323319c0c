import { readFile } from 'node:fs/promises';
import { type Endpoint, renewedAuthorization } from './endpoint.ts';

const lifetimeMs = 30_000;

/** A bearer token from a file that is rotated in place (service accounts): read again every 30 s and when refused. */
export function tokenFileAuthorization(path: string): Endpoint['authorization'] {
  return renewedAuthorization(async () => `Bearer ${(await readFile(path, 'utf8')).trim()}`, { lifetimeMs });
}
