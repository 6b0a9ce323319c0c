import { PlumblineError } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it, vi } from 'vitest';
import { configMap, owned } from '../test-support/builders.ts';
import { type ComparerRules, ResourceComparer, rulesFor } from './resource-comparer.ts';

const rules: ComparerRules = { ignoreDifferences: [], ignoreStatus: 'all' };
const ignoring = (rule: object): ComparerRules => ({ ...rules, ignoreDifferences: [{ kind: 'ConfigMap', ...rule }] });
const live = (value: string, resourceVersion = '1'): KubeObject => {
  const object = owned(configMap('a', value));
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
};
const target = owned(configMap('a', '1'));

function comparing() {
  const comparer = new ResourceComparer();
  const predict = vi.fn(async (object: KubeObject) => object);
  const compare = (sides: { target?: KubeObject; live: KubeObject }, by = rules) =>
    comparer.compare({ target, ...sides }, by, { predict });
  return { comparer, predict, compare };
}

describe('a verdict', () => {
  it('is remembered for target, live version and rules', async () => {
    const { compare, predict } = comparing();
    const first = await compare({ live: live('2') });
    expect(await compare({ live: live('2') })).toBe(first);
    expect(predict).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['another version of the live object', { live: live('2', '2') }, rules],
    ['another target', { target: owned(configMap('a', '3')), live: live('2') }, rules],
    ['other rules', { live: live('2') }, { ...rules, ignoreStatus: 'none' as const }],
  ])('is made anew for %s', async (_case, sides, by) => {
    const { compare, predict } = comparing();
    await compare({ live: live('2') });
    await compare(sides, by);
    expect(predict).toHaveBeenCalledTimes(2);
  });

  it('is made anew for what was forgotten', async () => {
    const { comparer, compare, predict } = comparing();
    await compare({ live: live('2') });
    comparer.keep(new Set(['/ConfigMap/web/a']));
    await compare({ live: live('2') });
    expect(predict).toHaveBeenCalledTimes(1);
    comparer.keep(new Set());
    await compare({ live: live('2') });
    comparer.clear();
    await compare({ live: live('2') });
    expect(predict).toHaveBeenCalledTimes(3);
  });

  it('is given where our own apply has just left the live object', async () => {
    const { comparer, compare, predict } = comparing();
    comparer.applied(target, live('defaulted', '7'), rules);
    expect(await compare({ live: live('defaulted', '7') })).toMatchObject({ outOfSync: false });
    expect(predict).not.toHaveBeenCalled();
    expect(await compare({ live: live('2', '8') })).toMatchObject({ outOfSync: true });
  });
});

describe('a live object that somebody changes while it is compared', () => {
  const noted = (note: string | undefined, resourceVersion: string): KubeObject => {
    const object = live('1', resourceVersion);
    return note ? { ...object, metadata: { ...object.metadata, labels: { note } } } : object;
  };
  const wanted: KubeObject = { ...target, metadata: { ...target.metadata, labels: {} } };

  it('is read again, so that what others have written is no difference', async () => {
    const referee = {
      predict: async () => noted('by a controller', '2'),
      current: vi.fn(async () => noted('by a controller', '2')),
    };
    const verdict = await new ResourceComparer().compare(
      { target: wanted, live: noted(undefined, '1') },
      rules,
      referee,
    );
    expect(verdict).toMatchObject({ outOfSync: false });
    expect(referee.current).toHaveBeenCalledTimes(1);
  });

  it('for ever is read a few times only', async () => {
    let version = 2;
    const referee = {
      predict: async () => noted(String(version), String(version++)),
      current: vi.fn(async () => noted(undefined, '1')),
    };
    await new ResourceComparer().compare({ target: wanted, live: noted(undefined, '1') }, rules, referee);
    expect(referee.current).toHaveBeenCalledTimes(2);
  });
});

describe('where the server refuses the dry run', () => {
  it.each([
    ['for good', new PlumblineError('KUBE_INVALID', 'field is immutable')],
    [
      'because it cannot read it',
      new PlumblineError('KUBE_UNAVAILABLE', 'unable to convert unstructured object to /v1', { retry: 'transient' }),
    ],
  ])('%s, the object differs as far as can be seen', async (_case, refusal) => {
    const { compare, predict } = comparing();
    predict.mockRejectedValue(refusal);
    expect(await compare({ live: live('2') })).toMatchObject({
      outOfSync: true,
      differences: [{ path: '/data/key', target: '1', live: '2' }],
    });
  });

  it('for now, there is no verdict, and none is remembered', async () => {
    const { compare, predict } = comparing();
    predict.mockRejectedValueOnce(new PlumblineError('KUBE_UNAVAILABLE', 'down', { retry: 'transient' }));
    await expect(compare({ live: live('2') })).rejects.toThrow('down');
    expect(await compare({ live: live('2') })).toMatchObject({ outOfSync: true });
  });
});

describe('rules', () => {
  it.each([
    ['a pointer', { jsonPointers: ['/data/key'] }, false],
    ['a jq path', { jqPathExpressions: ['.data.key'] }, false],
    ['a jq path with a condition', { jqPathExpressions: ['.data | select(.key != "1").key'] }, true],
    ['a jq path that fails on the object', { jqPathExpressions: ['.data.key[]'] }, true],
    ['a jq path of another object', { name: 'b', jqPathExpressions: ['.data.key'] }, true],
  ])('leave out what is selected by %s', async (_case, rule, outOfSync) => {
    const { compare } = comparing();
    expect(await compare({ live: live('2') }, ignoring(rule))).toMatchObject({ outOfSync });
  });

  it('that are no jq are told, with what jq says of them', async () => {
    const { compare } = comparing();
    await expect(compare({ live: live('2') }, ignoring({ jqPathExpressions: ['.data['] }))).rejects.toThrow(
      /ignoreDifferences with \.data\[: .*syntax error/,
    );
  });

  it('that do not end are given up, and the next ones work', async () => {
    const { compare } = comparing();
    const endless = { ...ignoring({ jqPathExpressions: ['.data | until(false; .)'] }), jqTimeoutMs: 200 };
    await expect(compare({ live: live('2') }, endless)).rejects.toThrow(/did not end within 200 ms/);
    expect(await compare({ live: live('2') }, ignoring({ jqPathExpressions: ['.data.key'] }))).toMatchObject({
      outOfSync: false,
    });
  });

  it('are found for an object by group, kind and name', () => {
    const found = rulesFor(target, ignoring({ jsonPointers: ['/data/key'] }));
    expect(found).toMatchObject([{ jsonPointers: ['/data/key'] }]);
    expect(rulesFor(target, ignoring({ kind: 'Secret', jsonPointers: ['/data'] }))).toEqual([]);
  });
});
