import { expect, it } from 'vitest';
import { schemaComplaints, withoutComplaint } from './schema-complaints.ts';

const prefix = 'failed to create typed patch object (default/x; apps/v1, Kind=Deployment): ';

it.each([
  ['one unknown field', `${prefix}.invented: field not declared in schema`, ['.invented']],
  [
    'several',
    `${prefix}errors:\n  .metadata.foo: field not declared in schema\n  .spec.containers[name="m"].bogus: field not declared in schema`,
    ['.metadata.foo', '.spec.containers[name="m"].bogus'],
  ],
  [
    'nothing where one line is about something else',
    `${prefix}errors:\n  .a: field not declared in schema\n  .b: expected string`,
    [],
  ],
  ['nothing in other refusals', 'Deployment.apps "x" is invalid: spec.selector: field is immutable', []],
])('reads %s', (_case, message, paths) => {
  expect(schemaComplaints(message).map(({ path }) => path)).toEqual(paths);
});

const container = {
  name: 'm',
  bogus: { deep: 1 },
  ports: [{ containerPort: 80, prot: 'x' }],
  env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '2' }],
};
const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x' },
  spec: { unknown: 1, containers: [{ name: 'other' }, container] },
};

it.each([
  ['a member', '.spec.unknown', undefined, { ...object, spec: { containers: object.spec.containers } }],
  ['a member of a list entry', '.spec.containers[name="m"].bogus', undefined, withContainer({ bogus: undefined })],
  [
    'a member of an entry by a number',
    '.spec.containers[name="m"].ports[containerPort=80].prot',
    undefined,
    withContainer({ ports: [{ containerPort: 80 }] }),
  ],
  [
    'all but the last of equal entries',
    '.spec.containers[name="m"].env',
    '[name="A"]',
    withContainer({ env: [{ name: 'B' }, { name: 'A', value: '2' }] }),
  ],
  ['nothing where the path leads nowhere', '.spec.nothing[name="q"].x', undefined, object],
])('leaves out %s', (_case, path, entry, expected) => {
  const kind = entry ? ('duplicate' as const) : ('undeclared' as const);
  expect(withoutComplaint(object, { kind, path, ...(entry ? { entry } : {}) })).toEqual(expected);
});

function withContainer(change: object) {
  return { ...object, spec: { ...object.spec, containers: [{ name: 'other' }, { ...container, ...change }] } };
}
