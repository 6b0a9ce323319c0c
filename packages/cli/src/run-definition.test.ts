import { application } from '@plumbline/testing';
import { describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from './test-support/run-plumb.ts';

const apps = '/api/v1/applications';
const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });
const refused = { status: 403, message: 'permission denied' };

useOwnConfiguration();

/** The body of the request that starts with this. */
function bodyOf(requests: string[], start: string): unknown {
  const request = requests.find((text) => text.startsWith(start)) ?? '';
  return JSON.parse(request.slice(request.indexOf('{')));
}

const spec = { ...base.spec, project: 'default', source: { ...base.spec.source, repoURL: 'https://git/x' } };
const routes = (stored: object = spec) => ({
  [`GET ${apps}/web`]: { json: { ...base, spec: stored } },
  [`PUT ${apps}/web/spec`]: { json: stored },
});
const changed = async (args: string[], stored: object = spec) =>
  bodyOf((await plumb(routes(stored), ['app', ...args])).requests, 'PUT');

describe('plumb app create', () => {
  it('makes an application of flags', async () => {
    const made = { [`GET ${apps}/web`]: refused, [`POST ${apps}`]: { json: base } };
    const flags =
      '--repo https://git/x --path p --revision main --dest-namespace n --dest-name in-cluster --sync-policy automated --auto-prune --self-heal --sync-option CreateNamespace=true --label team=a --helm-set a.b=c=d --values v.yaml';
    const { out, requests } = await plumb(made, ['app', 'create', 'web', ...flags.split(' ')]);
    expect(out).toBe("application 'web' created\n");
    expect(bodyOf(requests, 'POST')).toEqual({
      metadata: { name: 'web', labels: { team: 'a' } },
      spec: {
        project: 'default',
        destination: { name: 'in-cluster', namespace: 'n' },
        source: {
          repoURL: 'https://git/x',
          path: 'p',
          targetRevision: 'main',
          helm: { valueFiles: ['v.yaml'], parameters: [{ name: 'a.b', value: 'c=d' }] },
        },
        syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
      },
    });
  });

  it('says what to do without a name and a file', async () => {
    const { code, err } = await plumb({}, ['app', 'create']);
    expect([code, err]).toEqual([1, expect.stringContaining('next:  give a name, or a file with --file')]);
  });
});

describe('plumb app set', () => {
  it('changes only what is named', async () => {
    const stored = { ...spec, syncPolicy: { automated: { prune: true }, syncOptions: ['A=1', 'B=2'] } };
    expect(await changed(['set', 'web', '--revision', 'v2', '--self-heal', '--sync-option', '!A'], stored)).toEqual({
      ...stored,
      source: { ...spec.source, targetRevision: 'v2' },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['B=2'] },
    });
  });

  it('takes automation away, and another cluster takes the place of the former', async () => {
    const stored = { ...spec, syncPolicy: { automated: {} } };
    const next = await changed(['set', 'web', '--sync-policy', 'none', '--dest-name', 'far'], stored);
    expect(next).not.toHaveProperty('syncPolicy');
    expect(next).toHaveProperty('destination', { name: 'far', namespace: 'n' });
  });

  it('does not switch automation on by a detail of it', async () => {
    const { code, err, requests } = await plumb(routes(), ['app', 'set', 'web', '--auto-prune']);
    expect([code, err]).toEqual([1, expect.stringContaining('next:  switch it on with --sync-policy automated')]);
    expect(requests).toEqual([`GET ${apps}/web`]);
  });

  it('overrides an image again in its place', async () => {
    const stored = { ...spec, source: { ...spec.source, kustomize: { images: ['a:1', 'b=x/b:1'] } } };
    expect(
      await changed(['set', 'web', '--kustomize-image', 'a:2', '--kustomize-image', 'b=y/b'], stored),
    ).toHaveProperty('source.kustomize.images', ['a:2', 'b=y/b']);
  });

  it('asks which of several sources is meant, and changes that one', async () => {
    const stored = { ...spec, source: undefined, sources: [{ repoURL: 'one', name: 'first' }, { repoURL: 'two' }] };
    const { code, err } = await plumb(routes(stored), ['app', 'set', 'web', '--revision', 'v2']);
    expect([code, err]).toEqual([1, expect.stringContaining('which source? The application has 1 first, 2 two')]);
    expect(await changed(['set', 'web', '--revision', 'v2', '--source-position', '2'], stored)).toHaveProperty(
      'sources.1',
      { repoURL: 'two', targetRevision: 'v2' },
    );
  });
});

describe('plumb app unset, add-source, remove-source', () => {
  const helm = {
    parameters: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
    values: 'x: 1',
    releaseName: 'r',
  };

  it('takes away what is named', async () => {
    const stored = { ...spec, source: { ...spec.source, helm } };
    expect(await changed(['unset', 'web', '-p', 'a', '--values-literal'], stored)).toHaveProperty('source.helm', {
      parameters: [{ name: 'b', value: '2' }],
      fileParameters: [],
      releaseName: 'r',
    });
  });

  it('makes the only source the first of several, and takes one away', async () => {
    const next = await changed(['add-source', 'web', '--repo', 'https://git/y', '--ref', 'values']);
    expect(next).not.toHaveProperty('source');
    expect(next).toHaveProperty('sources', [spec.source, { repoURL: 'https://git/y', ref: 'values' }]);
    const stored = { ...spec, source: undefined, sources: [{ repoURL: 'one' }, { repoURL: 'two' }] };
    expect(await changed(['remove-source', 'web', '--source-position', '1'], stored)).toHaveProperty('sources', [
      { repoURL: 'two' },
    ]);
  });
});

describe('plumb app edit and patch', () => {
  it('stores what the editor leaves, and nothing when it leaves all', async () => {
    process.env['EDITOR'] = 'sed -i s/https:..git.x/other/';
    expect(await changed(['edit', 'web'])).toHaveProperty('source.repoURL', 'other');
    process.env['EDITOR'] = 'true';
    expect((await plumb(routes(), ['app', 'edit', 'web'])).out).toBe('nothing was changed\n');
  });

  it('patches', async () => {
    const { requests } = await plumb({ [`PATCH ${apps}/web`]: { json: base } }, [
      ...['app', 'patch', 'web', '--type', 'merge', '--patch', '{}'],
    ]);
    expect(requests).toEqual([`PATCH ${apps}/web {"patch":"{}","patchType":"merge"}`]);
  });
});

describe('applications of other namespaces', () => {
  it.each([[['app', 'patch', 'team/web', '--patch', '[]']], [['app', 'patch', 'web', '-N', 'team', '--patch', '[]']]])(
    'are named by %j',
    async (args) => {
      const { requests } = await plumb({ [`PATCH ${apps}/web`]: { json: base } }, args);
      expect(requests[0]).toContain(`PATCH ${apps}/web?appNamespace=team `);
    },
  );
});
