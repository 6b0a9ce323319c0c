import { PlumblineError } from '@plumbline/errors';
import { isExactVersion, isRange } from '../charts/chart-version.ts';
import type { ChartReference } from '../charts/types.ts';
import { publicUrl } from '../network/guarded-fetch.ts';
import type { OciPlace } from './registry-requests.ts';

/** `host/path` and the chart's name below it. Throws `RENDER_INVALID_SOURCE`. */
export function placeOf({ repoURL, chart }: Pick<ChartReference, 'repoURL' | 'chart'>): OciPlace {
  const [host = '', ...path] = repoURL
    .replace(/^oci:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  const name = [...path, ...(chart ? chart.split('/') : [])].join('/');
  if (/^[A-Za-z0-9.[\]:-]+$/.test(host) && /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(name)) return { host, name };
  throw new PlumblineError(
    'RENDER_INVALID_SOURCE',
    `${publicUrl(`oci://${repoURL.replace(/^oci:\/\//i, '')}`)}${chart ? `, chart ${chart}` : ''}: no name of an artifact in a registry`,
    {
      hint: 'a registry is written as oci://host/path, in lower case; user and password belong into a Secret',
    },
  );
}

/** Whether a text asks for a version among the tags; other texts are tags or digests. */
export function isConstraint(text: string): boolean {
  if (isExactVersion(text) || text.startsWith('sha256:') || text.trim() === '') return false;
  return isRange(text);
}

/** For people. */
export function displayPlace({ host, name }: OciPlace): string {
  return `${host}/${name}`;
}

/** Whether a text can be a tag, or the digest of a manifest. */
export function isReference(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(text) || /^sha256:[0-9a-f]{64}$/.test(text);
}
