import { createHash } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import { canonicalJson } from '../digest.ts';
import type { ChartAccess } from './types.ts';

/** A digest of credentials and trust, as part of keys: what one identity read is not for another. */
export function accessDigest(access: ChartAccess): string {
  return createHash('sha256').update(canonicalJson(access)).digest('hex').slice(0, 32);
}

/** Throws `CHART_DIGEST` where content is not what the repository says it is. */
export function checkDigest(content: Buffer, digest: string | undefined, name: string): void {
  if (digest === undefined) return;
  const found = createHash('sha256').update(content).digest('hex');
  if (found === digest) return;
  throw new PlumblineError(
    'CHART_DIGEST',
    `${name} is not what its repository says: it has the digest ${found}, not ${digest}`,
    {
      retry: 'transient',
      hint: 'publish the chart and its index again',
    },
  );
}
