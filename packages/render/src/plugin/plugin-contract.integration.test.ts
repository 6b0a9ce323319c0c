import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectReader } from '@plumbline/git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginRig, outcome, type PluginRig, printing } from '../test-support/plugin-rig.ts';
import { defaultContext, defaultSettings, variable } from '../test-support/rig.ts';
import type { RenderContext, RenderSettings } from '../types.ts';

let rig: PluginRig;
beforeEach(async () => {
  rig = await createPluginRig();
  rig.repository
    .write('team/app/word', 'hello')
    .write('team/app/README.md', 'read')
    .write('team/shared/word', 'shared')
    .write('team/other/word', 'other')
    .write('top.md', 'top');
  await rig.repository.commit();
});
afterEach(() => rig[Symbol.asyncDispose]());

const source = (plugin: object = { name: 'p' }) => ({ path: 'team/app', plugin });
const withSettings = (settings: Partial<RenderSettings>, more: Partial<RenderContext> = {}) => ({
  context: { ...more, settings: { ...defaultSettings, ...settings } },
});
/** All files that the plugin sees, from the root of the repository. */
const listing = printing({ files: '$(cd ../.. && find . -type f | sort | tr "\\n" " ")' });

describe('the environment of the commands', () => {
  const container = new Set(['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_', 'TMPDIR', 'PLUMB_PLUGIN_RUN']);

  /** All variables but those that a container and its shell have anyway. */
  async function seen(plugin: object, env: Record<string, string> = {}): Promise<Record<string, string>> {
    await rig.start('p', { generate: printing({ env: '$(env -0 | base64 -w0)' }) }, { env });
    const { env: encoded = '' } = outcome(await rig.render(source(plugin))) as Record<string, string>;
    const entries = Buffer.from(encoded, 'base64').toString().split('\0').filter(Boolean);
    const pairs = entries.map((entry): [string, string] => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    });
    return Object.fromEntries(pairs.filter(([name]) => !container.has(name)));
  }

  it('is the build environment, the cluster and the options of the source, and nothing else', async () => {
    const plugin = {
      name: 'p',
      env: [
        { name: 'PLAIN', value: `of $ARGOCD_APP_NAME in ${variable('KUBE_VERSION')}, $$HOME, $NOTHING.` },
        { name: 'empty', value: '' },
      ],
      parameters: [
        { name: 'values-files', array: ['a', 'b'] },
        { name: 'helm.params', map: { 'image.tag': '1' } },
        { name: 'one', string: 'x=y' },
      ],
    };
    const revision = await rig.repository.head();
    expect(await seen(plugin, { FROM_POD: 'pod', ARGOCD_APP_NAME: 'of the pod' })).toEqual({
      FROM_POD: 'pod',
      ARGOCD_APP_NAME: 'guestbook',
      ARGOCD_APP_NAMESPACE: 'target',
      ARGOCD_APP_PROJECT_NAME: 'default',
      ARGOCD_APP_REVISION: revision,
      ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
      ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
      ARGOCD_APP_SOURCE_REPO_URL: rig.repository.url,
      ARGOCD_APP_SOURCE_PATH: 'team/app',
      ARGOCD_APP_SOURCE_TARGET_REVISION: 'HEAD',
      KUBE_VERSION: '1.36.1',
      KUBE_API_VERSIONS: 'apps/v1,apps/v1/Deployment,v1,v1/ConfigMap',
      ARGOCD_ENV_PLAIN: 'of guestbook in 1.36.1, $HOME, .',
      ARGOCD_ENV_empty: '',
      ARGOCD_APP_PARAMETERS:
        '[{"array":["a","b"],"name":"values-files"},{"map":{"image.tag":"1"},"name":"helm.params"},{"name":"one","string":"x=y"}]',
      PARAM_VALUES_FILES_0: 'a',
      PARAM_VALUES_FILES_1: 'b',
      PARAM_HELM_PARAMS_IMAGE_TAG: '1',
      PARAM_ONE: 'x=y',
    });
  });
});

describe('what a plugin gets of the repository', () => {
  it('is all of it, without what the operator excludes', async () => {
    await rig.start('p', { generate: listing });
    const all = './team/app/README.md ./team/app/word ./team/other/word ./team/shared/word ./top.md ';
    expect(outcome(await rig.render(source()))).toEqual({ files: all });
    const less = withSettings({ pluginExclusions: ['*.md', 'team/oth*', 'team/app/*.md'] });
    expect(outcome(await rig.render(source(), less))).toEqual({ files: './team/app/word ./team/shared/word ' });
  });

  it('is never nothing: an exclusion that takes the source folder is named', async () => {
    await rig.start('p', { generate: listing });
    await expect(rig.render(source(), withSettings({ pluginExclusions: ['team'] }))).rejects.toThrow(
      /team\/app: plugins do not get the source's folder/,
    );
  });

  it.each([
    ['.', './team/app/README.md ./team/app/word '],
    ['.;../shared', './team/app/README.md ./team/app/word ./team/other/word ./team/shared/word '],
    ['/elsewhere', './team/app/README.md ./team/app/word ./team/other/word ./team/shared/word ./top.md '],
  ])(
    'is the folder around what manifest-generate-paths "%s" names, where the operator wants it',
    async (paths, files) => {
      await rig.start('p', { generate: listing });
      const annotated = { manifestGeneratePaths: paths };
      const restricted = withSettings({ pluginsGetGeneratePaths: true }, annotated);
      expect(outcome(await rig.render(source(), restricted))).toEqual({ files });
      expect(outcome(await rig.render(source(), withSettings({}, annotated)))).toMatchObject({
        files: expect.stringContaining('top.md'),
      });
    },
  );

  it('narrows the inputs too, for a plugin that does not see the revision', async () => {
    await rig.start('p', { generate: listing }, { annotations: { 'plumbline.dev/inputs': 'source' } });
    const { context } = withSettings({ pluginsGetGeneratePaths: true }, { manifestGeneratePaths: '.;../shared' });
    const before = await rig.trace(source(), context);
    expect(before.inputs.map(({ path }) => path)).toEqual(['team']);
    rig.repository.write('top.md', 'changed');
    await rig.repository.commit();
    expect((await rig.trace(source(), context)).digest).toBe(before.digest);
    rig.repository.write('team/shared/word', 'changed');
    await rig.repository.commit();
    expect((await rig.trace(source(), context)).digest).not.toBe(before.digest);
  });

  it('is an artifact, where the source is one: there is no Git in it', async () => {
    const files: Record<string, string> = { word: 'of an artifact' };
    const reader: ObjectReader = {
      rootTree: async () => 'root',
      readTree: async () => Object.keys(files).map((name) => ({ name, kind: 'blob', oid: name, executable: false })),
      readBlob: async (oid) => Buffer.from(files[oid] ?? ''),
      blobSize: async (oid) => files[oid]?.length ?? 0,
      commitInfo: () => Promise.reject(new Error('an artifact has no commits')),
    };
    const generate = printing({ word: '$(cat word)', revision: '$ARGOCD_APP_REVISION' });
    await rig.start('p', { generate, provideGitCreds: true });
    const artifact = { repoURL: 'oci://registry.example/a', targetRevision: '1', path: '.', plugin: { name: 'p' } };
    const revision = `sha256:${'a'.repeat(64)}`;
    const traced = await rig.renderer.trace(reader, revision, artifact, defaultContext);
    const surroundings = { access: async () => undefined };
    const rendered = await rig.renderer.render(reader, revision, traced, defaultContext, { surroundings });
    expect(outcome(rendered)).toEqual({ word: 'of an artifact', revision });
  });
});

describe('a command that goes wrong', () => {
  const failing = (script: string) => ({ generate: { command: ['sh', '-c', script] } });

  it.each<[string, string, RegExp]>([
    ['dies', 'kill -9 $$', /plugin p: generate .* was ended by SIGKILL and said nothing/],
    ['ends with a code and no words', 'exit 7', /ended with code 7 and said nothing/],
    [
      'says credentials',
      'echo "cannot read https://me:hunter22@git.example/x, token=abcdef123" >&2; exit 1',
      /cannot read https:\/\/\*\*\*@git\.example\/x, token=\*\*\*/,
    ],
    ['prints text', 'echo just words', /plugin p:1.*|just words/],
    ['prints broken YAML', 'printf "apiVersion: v1\\nkind: [\\n"', /plugin p:\d+/],
    ['prints an object without a kind', 'echo "apiVersion: v1"', /plugin p.*kind/],
  ])('that %s is told so', async (_case, script, message) => {
    await rig.start('p', failing(script));
    await expect(rig.render(source())).rejects.toThrow(message);
    expect(await rig.copies()).toEqual([]);
  });

  it('leaves words on standard error alone where it succeeds, and may print nothing', async () => {
    await rig.start('p', failing('echo a warning >&2'));
    expect(await rig.render(source())).toMatchObject({ objects: [], warnings: [] });
  });

  it('says that the server died meanwhile, which is worth another attempt; nothing of the repository stays', async () => {
    const pidFile = join(rig.temporary, '..', 'pid');
    const server = await rig.start('p', failing(`echo $$ > ${pidFile}; exec sleep 1000`));
    const rendering = rig.render(source());
    rendering.catch(() => {});
    await expect.poll(() => readFile(pidFile, 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
    await server.stop('SIGKILL');
    await expect(rendering).rejects.toMatchObject({ code: 'RENDER_PLUGIN_UNREACHABLE', retry: 'transient' });
    await expect.poll(() => readdir(rig.temporary), { timeout: 10_000 }).toEqual([]);
    process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
  });
});
