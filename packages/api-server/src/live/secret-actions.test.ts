import { PlumblineError } from '@plumbline/errors';
import { createActions } from '@plumbline/health';
import type { KubeObject } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { discreetly, withoutValues } from './secret-actions.ts';

const canary = 'correct-horse';
const encoded = Buffer.from(canary).toString('base64');
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'keys',
    namespace: 'web',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { key: encoded } }) },
  },
  data: { key: encoded },
};

function actions(script: string) {
  const rule = {
    pattern: 'Secret',
    key: 'resource.customizations.actions.Secret',
    mergeBuiltIn: false,
    openLibraries: true,
  };
  const definitions = [{ name: 'go', script }];
  const discovery =
    'return {go = {displayName = string.reverse(obj.data.key) .. obj.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]}}';
  return createActions(() => [{ ...rule, discovery, definitions }]);
}

const run = (script: string) =>
  discreetly(secret, () => actions(script).run(secret, 'go', { parameters: {}, now: new Date(0) }));

describe('an action of a Secret', () => {
  it('is offered without its values', async () => {
    const text = JSON.stringify(await actions('return obj').list(withoutValues(secret)));
    expect(text).toContain('go');
    for (const form of [encoded, canary, [...encoded].reverse().join('')]) expect(text).not.toContain(form);
  });

  it('gets the values, and may change them', async () => {
    const [operation] = await run('obj.data.other = obj.data.key return obj');
    expect(operation?.resource['data']).toEqual({ key: encoded, other: encoded });
  });

  it.each([
    'error(obj.data.key)',
    'error(string.reverse(obj.data.key))',
    'return {{operation = obj.data.key, resource = obj}}',
  ])('that fails keeps to itself what it says: %s', async (script) => {
    const failure = run(script);
    await expect(failure).rejects.toMatchObject({
      code: 'ACTION_SCRIPT_FAILED',
      message: 'the script of the action failed',
    });
  });

  it('that is refused does not tell what it wanted to write', async () => {
    const refused = discreetly(secret, async () => {
      throw new PlumblineError('KUBE_INVALID', `ConfigMap "x" is invalid: data: "${canary}" and ${encoded}`);
    });
    await expect(refused).rejects.toMatchObject({ message: 'ConfigMap "x" is invalid: data: "***" and ***' });
  });
});
