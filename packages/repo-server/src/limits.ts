import { PlumblineError } from '@plumbline/errors';
import type { RendererLimits } from '@plumbline/render';

/** What repositories may ask of a repo-server. */
export interface RepoServerLimits extends RendererLimits {
  /** Of the index of a Helm repository, which is held in memory. */
  maxIndexBytes: number;
}

/** Flags that limit one render, and their environment variables. */
export const limitFlags = {
  /** Seconds. */
  'tool-timeout': 'PLUMB_TOOL_TIMEOUT',
  'tool-memory': 'PLUMB_TOOL_MEMORY',
  'max-output': 'PLUMB_MAX_OUTPUT',
  'max-input-files': 'PLUMB_MAX_INPUT_FILES',
  'max-input-bytes': 'PLUMB_MAX_INPUT_BYTES',
  'max-objects': 'PLUMB_MAX_OBJECTS',
  'max-object-bytes': 'PLUMB_MAX_OBJECT_BYTES',
  'max-manifest-bytes': 'PLUMB_MAX_MANIFEST_BYTES',
  /** Of the index of a Helm repository. */
  'max-index-bytes': 'PLUMB_MAX_INDEX_BYTES',
  /** Renders at one time. */
  parallelism: 'PLUMB_PARALLELISM',
} as const;

const factors: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/**
 * The limits among the flags: whole numbers from 1, with Ki, Mi or Gi where they are large. Throws `REPO_SERVER_CONFIG`.
 *
 * @param value of a flag, undefined where it is not given.
 */
export function readLimits(value: (flag: keyof typeof limitFlags) => string | undefined): Partial<RepoServerLimits> {
  const limit = <Name extends keyof RepoServerLimits>(flag: keyof typeof limitFlags, name: Name, unit = 1) => {
    const text = value(flag);
    if (text === undefined) return {};
    const match = /^(\d+)(Ki|Mi|Gi)?$/.exec(text);
    const number = match ? Number(match[1]) * (factors[match[2] ?? ''] ?? 1) * unit : 0;
    if (number >= 1 && Number.isSafeInteger(number)) return { [name]: number };
    throw new PlumblineError('REPO_SERVER_CONFIG', `--${flag}: "${text}" is no whole number from 1`, {
      hint: 'for example 500, 64Mi or 2Gi',
    });
  };
  return {
    ...limit('tool-timeout', 'timeoutMs', 1000),
    ...limit('tool-memory', 'maxMemoryBytes'),
    ...limit('max-output', 'maxOutputBytes'),
    ...limit('max-input-files', 'maxInputFiles'),
    ...limit('max-input-bytes', 'maxInputBytes'),
    ...limit('max-objects', 'maxObjects'),
    ...limit('max-object-bytes', 'maxObjectBytes'),
    ...limit('max-manifest-bytes', 'maxManifestBytes'),
    ...limit('max-index-bytes', 'maxIndexBytes'),
    ...limit('parallelism', 'parallel'),
  };
}
