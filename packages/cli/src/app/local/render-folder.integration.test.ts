import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { application } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plumb, useOwnConfiguration } from '../../test-support/run-plumb.ts';

useOwnConfiguration();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-source-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const config = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  v: ${value}\n`;

async function files(contents: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const base = application({ name: 'web', repoURL: 'https://git/x', path: 'p', destinationNamespace: 'n' });

/** What `plumb app manifests --local` prints for an Application with this source. */
async function rendered(path: string, source: object = {}, more: string[] = []) {
  const stored = { ...base, spec: { ...base.spec, source: { repoURL: 'https://git/x', path: 'p', ...source } } };
  const routes = {
    'GET /api/v1/applications/web': { json: stored },
    'GET /api/v1/settings': { json: { kustomizeOptions: { buildOptions: '--load-restrictor LoadRestrictionsNone' } } },
  };
  const args = ['app', 'manifests', 'web', '-o', 'json', '--local', join(folder, path), ...more];
  const { code, out, err } = await plumb(routes, args);
  return { code, err, objects: code === 0 ? (JSON.parse(out) as { metadata: { name: string }; data: object }[]) : [] };
}

describe('a folder of this machine', () => {
  it('is rendered as a kustomization, with bases beside it in the working copy', async () => {
    await files({
      '.git/HEAD': '',
      'base/kustomization.yaml': 'resources: [cm.yaml]\n',
      'base/cm.yaml': config('a', 'one'),
      'overlay/kustomization.yaml': 'resources: [../base]\n',
    });
    const { objects, err } = await rendered('overlay', { kustomize: { namePrefix: 'pre-' } });
    expect([err, objects.map(({ metadata }) => metadata.name)]).toEqual(['', ['pre-a']]);
  }, 600_000);

  it('is rendered as a chart, with the parameters of the application', async () => {
    await files({
      'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
      'values.yaml': 'v: default\nw: local\n',
      'templates/cm.yaml': config('{{ .Release.Name }}', '{{ .Values.v }}-{{ .Values.w }}'),
    });
    const { objects } = await rendered('.', { helm: { parameters: [{ name: 'v', value: 'set' }] } });
    expect(objects).toMatchObject([{ metadata: { name: 'web' }, data: { v: 'set-local' } }]);
  }, 600_000);

  it('is read as manifests, as the application reads them', async () => {
    await files({
      'a.yaml': config('a', 'x'),
      'deep/b.yaml': config('b', 'x'),
      'node_modules/c.yaml': config('c', 'x'),
    });
    const names = async (directory: object) =>
      (await rendered('.', { directory })).objects.map(({ metadata }) => metadata.name);
    expect(await names({})).toEqual(['a']);
    expect(await names({ recurse: true })).toEqual(['a', 'b']);
  });

  it('is refused where it lies outside of the repository, and where a link leaves that', async () => {
    await files({ 'a/x.yaml': config('a', 'x'), 'b/x.yaml': config('b', 'x') });
    const outside = await rendered('a', {}, ['--local-repo-root', join(folder, 'b')]);
    expect([outside.code, outside.err]).toEqual([1, expect.stringContaining('does not lie below')]);
    await symlink('/etc/hostname', join(folder, 'a/link'));
    expect((await rendered('a')).err).toContain('link');
  });
});
