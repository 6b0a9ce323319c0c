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
  [
    'entries that leave the key to its default',
    '.spec.containers[name="m"].ports[containerPort=80,protocol="TCP"].prot',
    undefined,
    withContainer({ ports: [{ containerPort: 80 }] }),
  ],
  ['an entry by its position', '.spec.containers[1].bogus', undefined, withContainer({ bogus: undefined })],
  ['nothing where the path leads nowhere', '.spec.nothing[name="q"].x', undefined, object],
])('leaves out %s', (_case, path, entry, expected) => {
  const kind = entry ? ('duplicate' as const) : ('undeclared' as const);
  expect(withoutComplaint(object, { kind, path, ...(entry ? { entry } : {}) })).toEqual(expected);
});

function withContainer(change: object) {
  return { ...object, spec: { ...object.spec, containers: [{ name: 'other' }, { ...container, ...change }] } };
}

it.each([
  [
    [
      { port: 80, name: 'a' },
      { port: 80, name: 'b' },
      { port: 80, protocol: 'UDP' },
    ],
    'TCP',
    [1, 2],
  ],
  [[{ port: 80, protocol: 'UDP' }, { port: 80 }, { port: 80, protocol: 'UDP' }], 'UDP', [1, 2]],
])('tells equal entries with and without their defaults (%#)', (ports, protocol, left) => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports } };
  const complaint = { kind: 'duplicate' as const, path: '.spec.ports', entry: `[port=80,protocol="${protocol}"]` };
  expect(withoutComplaint(service, complaint)).toMatchObject({ spec: { ports: left.map((index) => ports[index]) } });
});
