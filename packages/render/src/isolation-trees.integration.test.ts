import { spawn } from 'node:child_process';
import { access, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { withSubmodules } from '@plumbline/git';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';
import type { RenderSurroundings } from './types.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const blobMode = '100644';

/** Stores an object that git itself would not make. */
async function store(type: 'tree' | 'blob', content: Buffer): Promise<string> {
  const git = spawn('git', ['hash-object', '-t', type, '-w', '--stdin', '--literally'], { cwd: rig.repository.folder });
  git.stdin.end(content);
  return (await text(git.stdout)).trim();
}

function treeOf(entries: readonly { mode: string; name: string; oid: string }[]): Buffer {
  return Buffer.concat(
    entries.map(({ mode, name, oid }) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])),
  );
}

/** Makes HEAD a commit of this tree. */
async function commit(tree: string): Promise<void> {
  const { git } = rig.repository;
  const made = (await git('commit-tree', tree, '-m', 'hostile')).trim();
  await git('update-ref', 'HEAD', made);
}

describe('a tree whose entries have names that no checkout makes', () => {
  it.each([['..'], ['.'], ['../evil'], ['a/../../evil'], ['/tmp/evil']])('"%s" harms nobody', async (name) => {
    const manifest = await store('blob', Buffer.from(JSON.stringify(configMap('a'))));
    const kustomization = await store('blob', Buffer.from('resources: [a.yaml]\ngenerators: []\n'));
    const inner = await store('tree', treeOf([{ mode: blobMode, name: 'planted.yaml', oid: manifest }]));
    const entries = [
      { mode: '40000', name, oid: inner },
      { mode: blobMode, name: 'a.yaml', oid: manifest },
      { mode: blobMode, name: 'kustomization.yaml', oid: kustomization },
    ];
    await commit(await store('tree', treeOf(entries)));
    for (const source of [{ directory: { recurse: true } }, { kustomize: { namePrefix: 'x-' } }]) {
      const outcome = await rig
        .render({ source })
        .then(({ list }) => list.map(({ metadata }) => metadata.name), String);
      // Either the repository is refused, or only what has a possible name counts.
      if (typeof outcome === 'string') expect(outcome).toMatch(/GIT|tree|entry|path|fsck|object/i);
      else expect(['a', 'x-a']).toContain(outcome[0]);
      for (const place of ['planted.yaml', 'evil/planted.yaml', 'work/planted.yaml', 'work/evil/planted.yaml']) {
        await expect(access(join(rig.folder, place))).rejects.toThrow(/ENOENT/);
      }
      await expect(access('/tmp/evil/planted.yaml')).rejects.toThrow(/ENOENT/);
    }
  });
});

describe('a submodule', () => {
  const gitlink = async (path: string, settings: Record<string, string>) => {
    const { git } = rig.repository;
    rig.repository.write('a.yaml', configMap('a'));
    for (const [key, value] of Object.entries(settings)) {
      await git('config', '-f', '.gitmodules', `submodule.sub.${key}`, value);
    }
    await rig.repository.commit();
    await git('update-index', '--add', '--cacheinfo', `160000,${await rig.repository.head()},${path}`);
    await git('commit', '-q', '-m', 'submodule');
  };

  it.each<[string, string, RegExp]>([
    ['../../outside', 'https://git.example/x.git', /outside.*its path leads outside the repository/],
    ['/etc', 'https://git.example/x.git', /\/etc.*its path leads outside the repository/],
    ['.git/hooks', 'https://git.example/x.git', /hooks.*its path leads outside the repository/],
    ['libs/sub', `${'../'.repeat(20)}etc`, /libs\/sub.*leads above the host/],
    ['libs/sub', '--upload-pack=touch /tmp/evil-submodule', /libs\/sub.*is no https or ssh URL/],
    ['libs/sub', 'ext::touch /tmp/evil-submodule', /libs\/sub.*is no https or ssh URL/],
  ])('declared at %s with URL %s opens nothing outside', async (path, url, expected) => {
    await gitlink('libs/sub', { path, url });
    const { mirror, commit: revision, context } = await rig.open();
    const opened: string[] = [];
    const reader = withSubmodules(mirror, {
      open: async (at) => {
        opened.push(at);
        throw new Error(`nobody answers at ${at}`);
      },
    });
    const source = { repoURL: rig.repository.url, path: 'libs/sub' };
    await expect(rig.renderer.trace(reader, revision, source, context)).rejects.toThrow(expected);
    expect(opened).toEqual([]);
    await expect(access('/tmp/evil-submodule')).rejects.toThrow(/ENOENT/);
  });
});

describe('another source of the Application', () => {
  it('whose symlinks leave it is refused, with the link named', async () => {
    const { repository } = rig;
    await writeFile(join(rig.folder, 'canary.yaml'), 'canary: CANARY-4711\n');
    repository.write('chart/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' });
    repository.write('chart/templates/a.yaml', configMap('a', { canary: '{{ .Values.canary }}' }));
    const own = await repository.commit();
    await mkdir(join(repository.folder, 'values'));
    await symlink(join(rig.folder, 'canary.yaml'), join(repository.folder, 'values/out.yaml'));
    const hostile = await repository.commit();
    const { mirror } = await rig.open({ revision: hostile });
    const sibling = { repoURL: repository.url, revision: hostile, open: async () => mirror };
    const surroundings: RenderSurroundings = { refs: new Map([['there', sibling]]) };
    const source = { path: 'chart', helm: { valueFiles: ['$there/values/out.yaml'] } };
    const rendering = rig.render({ source, revision: own, surroundings });
    await expect(rendering).rejects.toThrow(/values\/out\.yaml/);
    await expect(rendering).rejects.not.toThrow(/CANARY-4711/);
  });
});
