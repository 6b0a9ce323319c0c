import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labels } from '@plumbline/apis';
import { toYaml } from '@plumbline/manifests';
import { manifestSetKey, type PluginServer, servePlugin, unpackManifestSet } from '@plumbline/render';
import { silentLogger } from '@plumbline/telemetry';
import { eventually, type GitHttpServer, gitHttpServer } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

let rig: Rig;
let folder: string;
let git: GitHttpServer;
let plugin: PluginServer;
const login = { username: 'robot', password: 's3cret-word' };

const script = `git clone -q "$ARGOCD_APP_SOURCE_REPO_URL" ../../clone || exit 1
printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: out}\\ndata: {word: "%s"}\\n' "$(cat ../../clone/app/word)"`;

beforeAll(async () => {
  rig = await createRig();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-repo-plugins-'));
  await rig.repository.write('app/word', 'hello').commit();
  git = await gitHttpServer({ folder: rig.repository.folder, ...login });
  const configFile = join(folder, 'plugin.yaml');
  const spec = { provideGitCreds: true, generate: { command: ['sh', '-c', script] } };
  const parameters = { static: [{ name: 'size', title: 'Size' }] };
  const file = { kind: 'ConfigManagementPlugin', metadata: { name: 'cloner' }, spec: { ...spec, parameters } };
  await writeFile(configFile, toYaml(file));
  const environment = { PATH: process.env['PATH'], HOME: folder };
  plugin = await servePlugin({ configFile, socketDir: join(folder, 's'), environment, logger: silentLogger });
  await rig.startServer({ PLUMB_PLUGIN_SOCKETS: join(folder, 's') });
}, 600_000);
afterAll(async () => {
  await plugin?.close();
  await git?.close();
  await rig?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

it('a plugin gets the credentials that the Secret of the repository declares, and says what it takes', async () => {
  const repoURL = git.repositoryUrl(rig.repository);
  const metadata = { name: 'private', namespace: rig.namespace, labels: { [labels.secretType]: 'repository' } };
  const stringData = { type: 'git', url: repoURL, ...login };
  await rig.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
  const source = { repoURL, path: 'app', targetRevision: 'HEAD', plugin: { name: 'cloner' } };
  const { receipt, sourceType } = await eventually(() => rig.render(source), { what: 'the Secret is known' });
  expect(sourceType).toBe('Plugin');
  const packed = await rig.store.sealed.get(manifestSetKey(receipt.digest));
  expect(packed && unpackManifestSet(packed).objects).toMatchObject([{ data: { word: 'hello' } }]);
  const details = await rig.call({ kind: 'source-details', source, appName: 'a', project: 'default' });
  expect(details).toEqual({
    type: 'Plugin',
    plugin: { parametersAnnouncement: [{ name: 'size', title: 'Size' }] },
  });
});
