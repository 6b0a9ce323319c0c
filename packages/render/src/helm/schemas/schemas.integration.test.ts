import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf } from '../../test-support/archive.ts';
import { createRig, type Rig } from '../../test-support/rig.ts';

const canary = 'canary-of-this-machine';
let rig: Rig;
let outside: string;
/** What the server answers, by path; `asked` is what it was asked for. */
const documents = new Map<string, string>();
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const body = documents.get(request.url ?? '');
  response.writeHead(body === undefined ? 404 : 200).end(body);
});
let url: string;

beforeAll(async () => {
  rig = await createRig();
  outside = mkdtempSync(join(tmpdir(), 'plumbline-canary-'));
  writeFileSync(join(outside, 'canary.json'), JSON.stringify({ const: canary }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 600_000);
beforeEach(() => {
  documents.clear();
  asked.length = 0;
});
afterAll(async () => {
  server.close();
  rmSync(outside, { recursive: true, force: true });
  await rig?.[Symbol.asyncDispose]();
});

const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {port: "{{ .Values.port }}"}\n';
const chart = (name = 'thing') => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`;

async function withSchema(schema: object | string, more: Record<string, string | Buffer> = {}): Promise<string> {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const files = { 'Chart.yaml': chart(), 'values.yaml': 'port: 80\n', 'templates/a.yaml': template, ...more };
  for (const [name, content] of Object.entries(files)) rig.repository.write(`app/${name}`, content);
  rig.repository.write('app/values.schema.json', text);
  return rig.repository.commit();
}

async function render(schema: object | string, helm: object = {}, more: Record<string, string | Buffer> = {}) {
  await withSchema(schema, more);
  return rig.render({ source: { path: 'app', helm } });
}

const port = (reference: string) => ({ properties: { port: { $ref: reference } } });

describe('a schema of values', () => {
  it.each<[string, () => object]>([
    ['a file by URL', () => port(`file://${outside}/canary.json`)],
    ['an absolute path', () => port(`${outside}/canary.json`)],
    ['a path upward', () => port(`../../../../../../../..${outside}/canary.json`)],
    ['capital letters', () => port(`FILE://${outside}/canary.json`)],
    ['$dynamicRef', () => ({ properties: { port: { $dynamicRef: `file://${outside}/canary.json` } } })],
    ['an unknown keyword', () => ({ ...port('#/x/y'), x: { y: { $ref: `file://${outside}/canary.json` } } })],
    ['the id of the whole', () => ({ $id: `file://${outside}/x.json`, ...port('canary.json') })],
    ['an id in it', () => ({ properties: { port: { $id: `file://${outside}/x`, allOf: [{ $ref: 'canary.json' }] } } })],
    ['its dialect', () => ({ $schema: `file://${outside}/canary.json` })],
    [
      'an id that old dialects do not know',
      () => ({
        $schema: 'http://json-schema.org/draft-04/schema#',
        $id: `${url}/a/b`,
        ...port(`${outside}/canary.json`),
      }),
    ],
  ])('reads no file of this machine by %s', async (_, schema) => {
    const failure = String(await render(schema()).catch((error: unknown) => error));
    expect(failure).toMatch(/app\/values\.schema\.json: |cannot be had/);
    expect(failure).not.toContain(canary);
    expect(asked.filter((path) => !path.includes('canary'))).toEqual([]);
  });

  it('reads none by what it fetches either', async () => {
    documents.set('/a.json', JSON.stringify({ $ref: `file://${outside}/canary.json` }));
    const failure = String(await render(port(`${url}/a.json`)).catch((error: unknown) => error));
    expect(failure).toContain('leads outside the chart');
    expect(failure).not.toContain(canary);
  });

  it('asks no metadata address', async () => {
    const failure = render(port('http://169.254.169.254/latest'));
    await expect(failure).rejects.toThrow(/169\.254\.169\.254 is a link-local or metadata address/);
  });

  it('may refer to others by URL, which may refer to others, relative to where they are', async () => {
    documents.set(
      '/v1/port.json',
      JSON.stringify({ $id: `${url}/v1/port.json`, $ref: 'defs.json#/definitions/number' }),
    );
    documents.set('/v1/defs.json', JSON.stringify({ definitions: { number: { type: 'integer', maximum: 70 } } }));
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...port(`${url}/v1/port.json`) };
    await expect(render(schema)).rejects.toThrow(/at '\/port': maximum: got 80, want 70/);
    const { list } = await render(schema, { parameters: [{ name: 'port', value: '60' }] });
    expect(list).toMatchObject([{ data: { port: '60' } }]);
  });

  it('may refer to itself, by its own name too', async () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `${url}/own.json`,
      properties: { port: { $ref: `${url}/own.json#/$defs/port` } },
      $defs: { port: { type: 'integer' } },
    };
    expect((await render(schema)).list).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it('is not looked at where validation is skipped', async () => {
    const schema = port(`file://${outside}/canary.json`);
    expect((await render(schema, { skipSchemaValidation: true })).list).toHaveLength(1);
  });

  it('is judged in charts that a chart brings, as folders and as archives', async () => {
    const bad = JSON.stringify(port(`file://${outside}/canary.json`));
    const used = { 'values.yaml': 'port: 80\nlib: {port: 80}\n' };
    const folder = { ...used, 'charts/lib/Chart.yaml': chart('lib'), 'charts/lib/values.schema.json': bad };
    await expect(render({}, {}, folder)).rejects.toThrow(/charts\/lib\/values\.schema\.json: it refers to/);
    rig.repository.remove('app/charts');
    const archive = await archiveOf([
      { name: 'lib/Chart.yaml', text: chart('lib') },
      { name: 'lib/values.schema.json', text: bad },
    ]);
    await expect(render({}, {}, { ...used, 'charts/lib-1.0.0.tgz': archive })).rejects.toThrow(
      /charts\/lib-1\.0\.0\.tgz\/values\.schema\.json: it refers to/,
    );
    documents.set('/port.json', JSON.stringify({ maximum: 70 }));
    const fair = await archiveOf([
      { name: 'lib/Chart.yaml', text: chart('lib') },
      { name: 'lib/values.schema.json', text: JSON.stringify(port(`${url}/port.json`)) },
    ]);
    await expect(render({}, {}, { ...used, 'charts/lib-1.0.0.tgz': fair })).rejects.toThrow(/got 80, want 70/);
    rig.repository.remove('app/charts');
  });
});

it('a chart of a kustomization reads no file of this machine by its schema', async () => {
  const bad = JSON.stringify(port(`file://${outside}/canary.json`));
  rig.repository.write('k/charts/c/Chart.yaml', chart('c')).write('k/charts/c/values.yaml', 'port: 80\n');
  rig.repository.write('k/charts/c/templates/a.yaml', template).write('k/charts/c/values.schema.json', bad);
  rig.repository.write('k/kustomization.yaml', { helmCharts: [{ name: 'c', releaseName: 'r' }] });
  await rig.repository.commit();
  const settings = { kustomizeBuildOptions: ['--enable-helm'] };
  const failure = String(await rig.render({ source: { path: 'k' }, settings }).catch((error: unknown) => error));
  expect(failure).toMatch(/charts\/c\/values\.schema\.json: it refers to/);
  expect(failure).not.toContain(canary);
});
