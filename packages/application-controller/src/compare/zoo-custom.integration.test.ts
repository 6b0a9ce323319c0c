import type { JsonValue, KubeObject } from '@plumbline/manifests';
import { eventually } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZoo, type Zoo } from '../test-support/zoo.ts';

let zoo: Zoo;
const group = 'custom.zoo.example.org';
const text = { type: 'string' };
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const described = (size: number) => 'A field that is described at length. '.repeat(size);

/** A kind with defaults in list keys, sets, atomic lists, quantities, texts for numbers, and what is not declared. */
const definition = (padding = ''): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `beasts.${group}` },
  spec: {
    group,
    names: { kind: 'Beast', plural: 'beasts' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: padding,
            properties: {
              status: open,
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', default: 3 },
                  mode: { ...text, default: 'fast' },
                  cpu: { 'x-kubernetes-int-or-string': true },
                  wait: text,
                  anything: open,
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name', 'kind'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: text, kind: { ...text, default: 'leg' }, length: { type: 'integer' } },
                    },
                  },
                  tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
                  plain: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { a: text, b: { ...text, default: 'x' }, c: { ...text, nullable: true } },
                    },
                  },
                  note: { ...text, nullable: true },
                },
              },
            },
          },
        },
      },
    ],
  },
});

const beast = (name: string, spec: Record<string, JsonValue>): KubeObject => ({
  apiVersion: `${group}/v1`,
  kind: 'Beast',
  metadata: { name, namespace: zoo.namespace.name, annotations: { 'example.org/ours': 'yes' } },
  spec,
});

beforeAll(async () => {
  zoo = await openZoo();
  await zoo.sync(definition());
  await eventually(
    async () => {
      await zoo.client.discovery.refresh();
      return zoo.client.list({ apiVersion: `${group}/v1`, kind: 'Beast', namespace: zoo.namespace.name }).then(
        () => true,
        () => false,
      );
    },
    { what: 'the kind to be served' },
  );
}, 600_000);

afterAll(async () => {
  await zoo?.remove(definition());
  await zoo?.[Symbol.asyncDispose]();
});

const counted = async (target: KubeObject, rules = {}) =>
  Object.fromEntries(
    (await zoo.compare(target, rules)).explanation
      .filter(({ counts }) => counts)
      .map((item) => [item.path, item.class]),
  );

describe('a custom resource', () => {
  it.each<[string, Record<string, JsonValue>]>([
    ['with everything left to defaults', {}],
    [
      'with entries that leave a key to its default',
      { parts: [{ name: 'a' }, { name: 'a', kind: 'arm' }, { name: 'b' }] },
    ],
    ['with a set in some order', { tags: ['c', 'a', 'b'] }],
    ['with defaults in a list without keys', { plain: [{ a: '1' }, { a: '2', b: 'y' }] }],
    ['with a number for a text', { cpu: 1, size: 5 }],
    [
      'with fields that nobody declared',
      { anything: { deep: [{ a: null }, []], empty: {}, none: null }, unknown: 'pruned' } as Record<string, JsonValue>,
    ],
    ['with nulls', { note: null, mode: null, plain: [{ a: '1', c: null }] }],
    ['with empty lists and maps', { tags: [], parts: [], anything: {}, plain: [] }],
    [
      'with big numbers',
      { anything: { big: 9007199254740993n, float: 1.5, exponent: 1e21 } } as Record<string, JsonValue>,
    ],
  ])('%s is Synced after a sync, for good', async (what, spec) => {
    const target = beast(what.replaceAll(/[^a-z]+/g, '-'), spec);
    for (let round = 0; round < 2; round += 1) {
      await zoo.sync(target);
      expect(await counted(target)).toEqual({});
    }
    await zoo.change(target, { spec: { size: 77 } }, 'operator');
    expect(await counted(target)).toEqual('size' in spec ? { '/spec/size': 'rival-manager' } : {});
  });

  it.each<[string, Record<string, JsonValue>, Record<string, JsonValue>, string[]]>([
    [
      'an entry less, of two that differ in a defaulted key',
      { parts: [{ name: 'a' }, { name: 'a', kind: 'arm' }] },
      { parts: [{ name: 'a' }] },
      ['/spec/parts/1'],
    ],
    ['a member of a set less', { tags: ['a', 'b'] }, { tags: ['a'] }, ['/spec/tags']],
    ['a set emptied', { tags: ['a', 'b'] }, { tags: [] }, ['/spec/tags']],
    ['a list with keys emptied', { parts: [{ name: 'a' }] }, { parts: [] }, ['/spec/parts/0']],
    ['a default spelled out otherwise', {}, { mode: 'slow' }, ['/spec/mode']],
    [
      'an undeclared field changed',
      { anything: { a: { b: [1, 2] } } },
      { anything: { a: { b: [1, 3] } } },
      ['/spec/anything/a/b/1'],
    ],
    ['an undeclared field less', { anything: { a: '1', b: '2' } }, { anything: { a: '1' } }, ['/spec/anything/b']],
  ])('with %s is seen, and settles', async (what, before, after, paths) => {
    const name = what.replaceAll(/[^a-z]+/g, '-');
    await zoo.sync(beast(name, before));
    const target = beast(name, after);
    expect(await counted(target)).toEqual(Object.fromEntries(paths.map((path) => [path, 'source'])));
    await zoo.sync(target);
    expect(await counted(target)).toEqual({});
  });

  it('whose controller spells a quantity and a duration otherwise is Synced where settings tell the types', async () => {
    const target = beast('spelled', { cpu: '1000m', wait: '90s' });
    await zoo.sync(target);
    await zoo.change(target, { spec: { cpu: '1', wait: '1m30s' } }, 'operator');
    expect(await counted(target)).toEqual({ '/spec/cpu': 'normal-form', '/spec/wait': 'normal-form' });
    const known = (field: string, type: string) => ({ group, kind: 'Beast', field, type });
    const knownTypes = [known('spec.cpu', 'core/Quantity'), known('spec.wait', 'meta/v1/Duration')];
    expect(await counted(target, { knownTypes })).toEqual({});
  });

  it('whose status is in the source does not differ by it, unless settings say so', async () => {
    const target = { ...beast('status', { size: 1 }), status: { phase: 'New' } };
    await zoo.sync(target);
    const ref = { apiVersion: `${group}/v1`, kind: 'Beast', namespace: zoo.namespace.name, name: 'status' };
    await zoo.client.patch(
      { ...ref, subresource: 'status' },
      { status: { phase: 'Ready' } },
      { type: 'merge', fieldManager: 'operator' },
    );
    expect(await counted(target)).toEqual({});
    expect(Object.keys(await counted(target, { ignoreStatus: 'none' }))).toEqual(['/status/phase']);
  });
});

describe('a definition of a kind', () => {
  it('of a megabyte settles, and a change in it is seen', async () => {
    const large = definition(described(30_000));
    await zoo.sync(large);
    expect(await counted(large)).toEqual({});
    const changed = definition(`${described(30_000)}!`);
    const paths = Object.keys(await counted(changed));
    expect(paths).toEqual(['/spec/versions/0/schema/openAPIV3Schema/description']);
  });

  it('into which another program writes a certificate of its conversion webhook settles', async () => {
    const service = { namespace: 'default', name: 'convert', path: '/', port: 443 };
    const webhook = { conversionReviewVersions: ['v1'], clientConfig: { service } };
    const base = definition();
    const target = { ...base, spec: { ...(base['spec'] as object), conversion: { strategy: 'Webhook', webhook } } };
    await zoo.sync(target);
    const caBundle = Buffer.from('-----BEGIN CERTIFICATE-----\n').toString('base64');
    const patch = { spec: { conversion: { webhook: { clientConfig: { caBundle } } } } };
    await zoo.change(target, patch, 'cainjector').catch(() => undefined);
    expect(await counted(target)).toEqual({});
    await zoo.sync(base);
    expect(await counted(base)).toEqual({});
  });
});
