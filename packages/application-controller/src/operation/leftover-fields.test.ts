import type { KubeObject } from '@plumbline/manifests';
import { expect, it } from 'vitest';
import { leftoverPatch } from './leftover-fields.ts';

const deployment = (spec: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 1, ...spec } as unknown as Record<string, never>,
});
const template = (pod: object) => ({ template: { spec: pod } });
const refused = (what: string) => `Deployment.apps "web" is invalid: ${what}`;

it.each<[string, string, object, object, object[]]>([
  [
    'the defaults of another choice',
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    { strategy: { type: 'Recreate' } },
    { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } },
    [
      { op: 'test', path: '/spec/strategy/rollingUpdate', value: { maxSurge: '25%' } },
      { op: 'remove', path: '/spec/strategy/rollingUpdate' },
      { op: 'add', path: '/spec/strategy/type', value: 'Recreate' },
    ],
  ],
  [
    'another source of a volume',
    'spec.template.spec.volumes[1].configMap: Forbidden: may not specify more than 1 volume type',
    template({ volumes: [{ name: 'b', configMap: { name: 'x' } }] }),
    template({
      volumes: [
        { name: 'theirs', emptyDir: {} },
        { name: 'b', emptyDir: {} },
      ],
    }),
    [
      { op: 'test', path: '/spec/template/spec/volumes/1/name', value: 'b' },
      { op: 'replace', path: '/spec/template/spec/volumes/1', value: { name: 'b', configMap: { name: 'x' } } },
    ],
  ],
  [
    'what somebody put in place of a value in an entry of a list',
    'spec.template.spec.containers[1].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    template({ containers: [{ name: 'web', env: [{ name: 'A', value: '1' }] }] }),
    template({ containers: [{ name: 'side' }, { name: 'web', env: [{ name: 'A', valueFrom: { x: 1 } }] }] }),
    [
      { op: 'test', path: '/spec/template/spec/containers/1/env/0/valueFrom', value: { x: 1 } },
      { op: 'remove', path: '/spec/template/spec/containers/1/env/0/valueFrom' },
      { op: 'add', path: '/spec/template/spec/containers/1/env/0/value', value: '1' },
    ],
  ],
  [
    'nothing that the manifest itself has',
    'spec.strategy.rollingUpdate: Forbidden: no',
    { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
    { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    [],
  ],
  [
    'nothing where no other choice was made',
    'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
    {},
    { progressDeadlineSeconds: 600 },
    [],
  ],
  ['nothing that is not live', 'spec.selector: Invalid value: {}: field is immutable', { selector: {} }, {}, []],
])('takes off %s', (_case, message, wanted, found, expected) => {
  expect(leftoverPatch(deployment(wanted), deployment(found), refused(message))).toEqual(expected);
});
