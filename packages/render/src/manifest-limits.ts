import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';

/** What one render may give. */
export interface ManifestLimits {
  /** Default 50,000. */
  maxObjects: number;
  /** Of one object, about as JSON. Default 16 MiB. */
  maxObjectBytes: number;
  /** Of all objects together. Default 100 MiB. */
  maxManifestBytes: number;
}

export const defaultManifestLimits: ManifestLimits = {
  maxObjects: 50_000,
  maxObjectBytes: 16 * 1024 * 1024,
  maxManifestBytes: 100 * 1024 * 1024,
};

const maxDepth = 1_000;
const maxWarnings = 100;

/** Adds up the objects of one render. */
export interface ManifestMeter {
  /** Throws `RENDER_TOO_LARGE` naming the object that is too large, too deep, or one too many. */
  add(object: KubeObject): void;
}

function tooLarge(what: string, problem: string): PlumblineError {
  return new PlumblineError('RENDER_TOO_LARGE', `${what}: ${problem}`, {
    hint: 'split the source, or raise the limits of the repo-server',
  });
}

/** About the bytes of a value as JSON; what is beyond `limit` is not looked at. Undefined where it nests too deep. */
function sizeOf(value: unknown, limit: number): number | undefined {
  let bytes = 0;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return undefined;
    const next: unknown[] = [];
    for (const node of level) {
      if (bytes > limit) return bytes;
      bytes += typeof node === 'string' ? node.length + 3 : 5;
      if (Array.isArray(node)) for (const item of node) next.push(item);
      else if (typeof node === 'object' && node !== null) {
        for (const [key, member] of Object.entries(node)) {
          bytes += key.length + 3;
          next.push(member);
        }
      }
    }
    level = next;
  }
  return bytes;
}

/** @param what names the render in errors. */
export function createManifestMeter(what: string, limits: ManifestLimits): ManifestMeter {
  let objects = 0;
  let total = 0;
  return {
    add(object) {
      objects += 1;
      if (objects > limits.maxObjects) throw tooLarge(what, `more than ${limits.maxObjects} objects`);
      const name = `${what}: ${object.kind} ${object.metadata.name ?? object.metadata.generateName ?? ''}`;
      const bytes = sizeOf(object, limits.maxObjectBytes);
      if (bytes === undefined) throw tooLarge(name, `nests deeper than ${maxDepth} levels`);
      if (bytes > limits.maxObjectBytes) throw tooLarge(name, `larger than ${limits.maxObjectBytes} bytes`);
      total += bytes;
      if (total > limits.maxManifestBytes)
        throw tooLarge(what, `objects of more than ${limits.maxManifestBytes} bytes`);
    },
  };
}

/** The first warnings, and how many more there are. */
export function limitWarnings(warnings: readonly string[]): string[] {
  if (warnings.length <= maxWarnings) return [...warnings];
  return [...warnings.slice(0, maxWarnings), `… and ${warnings.length - maxWarnings} more warnings`];
}
