import { PlumblineError } from '@plumbline/errors';
import { publicUrl } from '../network/guarded-fetch.ts';
import type { OciManifest } from './content-layer.ts';

/** An error about what a registry answered. */
export function badAnswer(url: string, problem: string): PlumblineError {
  return new PlumblineError('CHART_REGISTRY', `${publicUrl(url)} ${problem}`, { retry: 'transient' });
}

/** The object that a registry answered. Throws `CHART_REGISTRY`. */
export function parseJson(url: string, body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw badAnswer(url, 'answered what is no JSON');
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/**
 * What a manifest says of an artifact. Throws `CHART_REGISTRY` where it is an index of several.
 *
 * @param name of the artifact, for errors.
 */
export function readManifest(name: string, { config, layers, annotations }: Members): Omit<OciManifest, 'digest'> {
  if (!Array.isArray(layers)) {
    throw new PlumblineError('CHART_REGISTRY', `${name} is no manifest of one artifact`, {
      hint: 'an index of several artifacts, or an image of several platforms, cannot be a source',
    });
  }
  return {
    config: { mediaType: String(membersOf(config)['mediaType'] ?? '') },
    layers: layers.map(membersOf).map(({ mediaType, digest, size }) => ({
      mediaType: String(mediaType ?? ''),
      digest: String(digest ?? ''),
      size: Number(size ?? 0),
    })),
    annotations: Object.fromEntries(
      Object.entries(membersOf(annotations)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}

/** The parameters of `WWW-Authenticate: Bearer realm="…",service="…"`. */
export function challengeOf(header: string): { scheme: string; parameters: Record<string, string> } {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
  const parameters = Object.fromEntries(
    [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  return { scheme: scheme.toLowerCase(), parameters };
}
