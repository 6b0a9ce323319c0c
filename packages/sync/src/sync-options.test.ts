import { describe, expect, test } from 'vitest';
import { mergedSyncOptions, taskOptions } from './sync-options.ts';
import { object } from './testing/builders.ts';
import type { TaskOptions } from './types.ts';

const map = (options?: string) => object('ConfigMap/a', options ? { options } : {});

describe('the options of a task', () => {
  test.each<[string, string[], string | undefined, Partial<TaskOptions>]>([
    [
      'have safe defaults',
      [],
      undefined,
      {
        validate: true,
        prune: 'allowed',
        pruneLast: false,
        replace: false,
        force: false,
        clientSideApply: false,
        propagationPolicy: 'Foreground',
      },
    ],
    ['come from the Application', ['Validate=false', 'Replace=true'], undefined, { validate: false, replace: true }],
    ['come from the object', [], 'Prune=false, Force=true', { prune: 'disabled', force: true }],
    ['of the object win', ['ServerSideApply=true'], 'ServerSideApply=false', { clientSideApply: true }],
    ['of the object free it', ['Prune=false'], 'Prune=true', { prune: 'allowed' }],
    ['ask for confirmation', ['Prune=confirm'], undefined, { prune: 'confirm' }],
    ['of two contradicting ones keep the careful', ['Prune=false', 'Prune=confirm'], undefined, { prune: 'disabled' }],
    ['name the propagation', ['PrunePropagationPolicy=orphan'], undefined, { propagationPolicy: 'Orphan' }],
    ['do not take Force from the Application', ['Force=true'], undefined, { force: false }],
    ['are matched exactly', ['replace=true', 'Replace=yes', 'PruneLast'], undefined, { replace: false }],
  ])('%s', (_, syncOptions, own, expected) => {
    expect(taskOptions({ syncOptions, force: false }, map(own), undefined)).toMatchObject(expected);
  });

  test('take Replace from the live object too, and Force from the operation', () => {
    const options = taskOptions({ syncOptions: [], force: true }, map(), map('Replace=true'));
    expect(options).toMatchObject({ replace: true, force: true });
  });

  test('protect what Helm is to keep from pruning', () => {
    const kept = object('ConfigMap/a', { 'helm.sh/resource-policy': 'keep' });
    expect(taskOptions({ syncOptions: [], force: false }, undefined, kept).prune).toBe('disabled');
  });

  test('merged, hold both places', () => {
    expect(Object.fromEntries(mergedSyncOptions(['A=1', 'B=1'], map('B=2,C=3')))).toEqual({ A: '1', B: '2', C: '3' });
  });
});
