import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../test-support/measure-memory.ts', import.meta.url));
type Sort = 'configMap' | 'pod' | 'customResource' | 'secret' | 'replicaSet' | 'managedConfigMap' | 'managedPod';

describe('the memory of live state', () => {
  let figures: Record<Sort, { perObject: number; json: number }>;

  beforeAll(() => {
    figures = JSON.parse(execFileSync(process.execPath, ['--expose-gc', script, '8000'], { encoding: 'utf8' }));
  }, 60_000);

  it.each(['configMap', 'pod', 'customResource', 'secret', 'replicaSet'] as const)(
    'is at most 1 KiB for an unmanaged object of 2 KB (%s)',
    (sort) => {
      expect(figures[sort].json).toBeGreaterThan(2_000);
      expect(figures[sort].perObject).toBeLessThanOrEqual(1_024);
    },
  );

  it.each(['managedConfigMap', 'managedPod'] as const)(
    'is at most three times its JSON for a managed one (%s)',
    (sort) => {
      expect(figures[sort].perObject).toBeLessThanOrEqual(3 * figures[sort].json);
    },
  );
});
