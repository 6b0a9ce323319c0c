import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const apps = '/api/v1/applications';
const one = `${apps}/web`;
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const item = {
  ...{
    group: 'apps',
    kind: 'Deployment',
    namespace: 'n',
    name: 'web',
    targetState: '{}',
    liveState: '{}',
    hook: false,
  },
  modified: true,
  differences: [{ path: '/spec/replicas', target: 3, live: 5 }],
  explanation: [{ path: '/spec/replicas', target: 3, live: 5, manager: 'kubectl', class: 'human-edit', counts: true }],
};
const routes = (status: object) => ({
  [`GET ${one}`]: { json: { ...base, status } },
  [`GET ${one}/manifests`]: { json: { manifests: ['{"kind":"A"}'] } },
  [`POST ${one}/server-side-diff`]: { json: { items: [{ ...item, modified: true }], modified: true } },
});

useOwnConfiguration();

describe('plumb app diff with other manifests', () => {
  it('compares with a revision', async () => {
    const { code, requests } = await plumb(routes({}), ['app', 'diff', 'web', '--revision', 'feature']);
    expect([code, requests.slice(1)]).toEqual([
      1,
      [
        `GET ${one}/manifests?revision=feature`,
        `POST ${one}/server-side-diff {"targetManifests":["{\\"kind\\":\\"A\\"}"]}`,
      ],
    ]);
  });

  it('compares with files of this machine, members of lists each for themselves', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-local-'));
    await writeFile(join(folder, 'a.yaml'), 'kind: A\n---\nkind: List\nitems: [{kind: B}]\n');
    const { requests } = await plumb(routes({}), ['app', 'diff', 'web', '--local', join(folder, 'a.yaml')]);
    expect(requests.at(-1)).toContain('{"targetManifests":["{\\"kind\\":\\"A\\"}","{\\"kind\\":\\"B\\"}"]}');
    await rm(folder, { recursive: true });
  });

  it('renders a folder as the source of the application', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-local-'));
    const config = (name: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}\n`;
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'a.yaml'), config('a'));
    await writeFile(join(folder, 'more/b.yaml'), config('b'));
    await writeFile(join(folder, 'README.md'), 'no manifest');
    const recursing = {
      ...base,
      spec: { ...base.spec, source: { repoURL: 'r', path: 'p', directory: { recurse: true } } },
    };
    const more = { [`GET ${one}`]: { json: recursing }, 'GET /api/v1/settings': { json: {} } };
    const { requests } = await plumb({ ...routes({}), ...more }, ['app', 'diff', 'web', '--local', folder]);
    expect(requests.at(-1)).toContain('{\\"name\\":\\"a\\"}');
    expect(requests.at(-1)).toContain('{\\"name\\":\\"b\\"}');
    await rm(folder, { recursive: true });
  });
});

describe('--watch', () => {
  const moving = { ...base, status: { sync: { status: 'OutOfSync' } } };
  const done = { ...base, status: { sync: { status: 'Synced' } } };
  const frames = [
    { type: 'MODIFIED', application: done },
    { type: 'DELETED', application: done },
  ];

  it('shows what changes until the application is gone', async () => {
    const watched = { [`GET ${one}`]: { json: moving }, 'GET /api/v1/stream/applications': { frames } };
    const { out } = await plumb(watched, ['app', 'get', 'web', '--watch']);
    const told = out.split('\n').filter((line) => /^Sync Status|gone/.test(line));
    expect(told.map((line) => line.replace(/ {2,}/, ' '))).toEqual([
      'Sync Status: OutOfSync',
      'Sync Status: Synced',
      "application 'web' is gone",
    ]);
    expect(out.match(/^Name:/gm)).toHaveLength(1);
  });

  it('redraws the list on a terminal until it is refused', async () => {
    let asked = 0;
    const watched = {
      [`GET ${apps}`]: () => {
        asked += 1;
        return asked > 1
          ? { status: 403, message: 'no longer' }
          : { json: { metadata: { resourceVersion: '7' }, items: [moving] } };
      },
      'GET /api/v1/stream/applications': { status: 403, message: 'no longer' },
    };
    const { code, out, requests } = await plumb(watched, ['app', 'list', '--watch'], { interactive: true });
    expect([code, requests[1]]).toEqual([20, 'GET /api/v1/stream/applications?resourceVersion=7']);
    expect(out.startsWith('\u001b[H\u001b[2JNAME')).toBe(true);
  });
});

describe('plumb app sync of sources and manifests', () => {
  const sources = [
    { repoURL: 'a', name: 'first' },
    { repoURL: 'b', name: 'second' },
  ];
  const stored = { ...base, spec: { ...base.spec, source: undefined, sources } };
  const syncing = { [`GET ${one}`]: { json: stored }, [`POST ${one}/sync`]: { json: stored } };
  const sync = (...flags: string[]) => plumb(syncing, ['app', 'sync', 'web', '--async', ...flags]);

  it('takes a revision for each source that is named by place or by name', async () => {
    const flags = ['--revisions', 'v1', '--source-positions', '2', '--revisions', 'v2', '--source-names', 'first'];
    expect((await sync(...flags)).requests.at(-1)).toContain('{"revisions":["v1","v2"],"sourcePositions":[2,1]}');
    expect((await sync('--revisions', 'v1')).err).toContain('1 revisions are given for 0 sources');
    expect((await sync('--revisions', 'v1', '--source-names', 'x')).err).toContain(
      'next:  its sources are first, second',
    );
  });

  it('sends manifests of this machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-local-'));
    await writeFile(join(folder, 'a.json'), '{"kind":"A"}');
    expect((await sync('--local', join(folder, 'a.json'))).requests.at(-1)).toContain(
      '{"manifests":["{\\"kind\\":\\"A\\"}"]}',
    );
    await rm(folder, { recursive: true });
  });
});
