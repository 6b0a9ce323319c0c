import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ApplicationSourceHelm } from '@plumbline/apis';
import { createGitBackend, createMirrors } from '@plumbline/git';
import { type KubeObject, parseManifests, toYaml } from '@plumbline/manifests';
import { createMetrics, silentLogger } from '@plumbline/telemetry';
import { configMap, gitRepository } from '@plumbline/testing';
import { withHelm, writeChart } from './chart.ts';
import { createRig, defaultContext, type Rig } from './rig.ts';

const run = promisify(execFile);

/** The same chart rendered with options of a source, and with arguments of `helm template`. */
export interface HelmComparison extends AsyncDisposable {
  /** @param args `no crds` leaves `--include-crds` out. */
  bare(args: readonly string[], release?: { release?: string; namespace?: string }): Promise<KubeObject[]>;
  /** `$vals` is another source. */
  rendered(helm: ApplicationSourceHelm): Promise<KubeObject[]>;
  /** Where that source's files are. */
  other: string;
}

async function writeFeatures(rig: Rig): Promise<void> {
  const hook = (kind: string, name: string) =>
    toYaml({ ...configMap(name), metadata: { name, annotations: { 'helm.sh/hook': kind } } });
  rig.repository
    .write('app/crds/thing.yaml', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.test.example' },
    })
    .write('app/values.schema.json', JSON.stringify({ properties: { replicas: { type: 'integer' } } }))
    .write('app/charts/sub/Chart.yaml', { apiVersion: 'v2', name: 'sub', version: '1.0.0' })
    .write('app/charts/sub/values.yaml', { from: 'sub' })
    .write('app/charts/sub/templates/a.yaml', toYaml(configMap('sub', { values: '{{ .Values | toJson }}' })))
    .write('app/file.txt', 'from the chart: a,b {c}\n')
    .write('app/v/a.yaml', { from: 'a', order: ['a'] })
    .write('app/v/b.yaml', { from: 'b', list: null })
    .write('app/v/z.yaml', { from: 'z', sub: { from: 'z' } })
    .write('app/v/deep/er/y.yaml', { from: 'y', deepest: true })
    .write('app/v/x1.yml', { from: 'x1' })
    .write('app/w/a,b.yaml', { comma: true })
    .write('app/w/"c".yaml', { quote: true })
    .write('app/values-guestbook.yaml', { from: 'named after the Application' })
    .write('root.yaml', { from: 'the root' });
  await writeChart(rig, {
    path: 'app',
    values: { from: 'chart', list: ['a'], deep: { one: 1 }, replicas: 1 },
    templates: {
      pre: hook('pre-install,pre-upgrade', 'pre'),
      test: hook('test', 'try'),
      capabilities: [
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata: {name: capabilities}',
        'data:',
        '  helm: {{ .Capabilities.HelmVersion.Version | quote }}',
        '  minor: {{ .Capabilities.KubeVersion.Minor | quote }}',
        '  apps: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}',
        '  chart: {{ printf "%s %s %v" .Chart.Name .Template.BasePath .Chart.IsRoot | quote }}',
        '',
      ].join('\n'),
    },
  });
}

async function bareHelm(rig: Rig, args: readonly string[], { release = 'guestbook', namespace = 'target' } = {}) {
  const { kubeVersion, apiVersions } = defaultContext;
  const given = args.includes('--kube-version') ? [] : ['--kube-version', kubeVersion];
  const apis = args.some((arg) => arg.startsWith('--api-versions'))
    ? []
    : apiVersions.flatMap((api) => ['--api-versions', api]);
  const crds = args.includes('no crds') ? [] : ['--include-crds'];
  const all = ['template', '.', '--name-template', release, '--namespace', namespace, ...given, ...apis, ...crds];
  const env = { PATH: process.env['PATH'], HOME: join(tmpdir(), 'plumbline-bare-helm') };
  const cwd = join(rig.repository.folder, 'app');
  const { stdout } = await run(rig.tools.helm, [...all, ...args.filter((arg) => arg !== 'no crds')], { cwd, env });
  return parseManifests(stdout, { file: 'bare.yaml', strict: true, duplicateKeys: 'last' }).objects;
}

/** A chart that shows what options do, and another source. */
export async function compareHelm(): Promise<HelmComparison> {
  const [rig, other] = await Promise.all([createRig(), gitRepository()]);
  const mirrors = createMirrors({
    backend: createGitBackend({ logger: silentLogger, metrics: createMetrics({ processMetrics: false }) }),
    folder: join(rig.folder, 'siblings'),
    logger: silentLogger,
  });
  await other
    .write('env/a.yaml', { from: 'other-a', a: 1 })
    .write('env/b.yaml', { from: 'other-b', b: 1 })
    .write('env/deep/c.yaml', { from: 'other-c', c: 1 })
    .write('v,w/d.yaml', { from: 'd' })
    .write('note.txt', 'a note,\nwith "quotes"\n')
    .commit();
  await writeFeatures(rig);
  return {
    other: other.folder,
    bare: (args, release) => bareHelm(rig, args, release),
    async rendered(helm) {
      const mirror = await mirrors.get({ url: other.url });
      const { commit } = await mirror.resolve('HEAD');
      const sibling = { repoURL: other.url, revision: commit, open: async () => mirror };
      const surroundings = { refs: new Map([['vals', sibling]]) };
      return (await rig.render({ ...withHelm(helm, 'app'), surroundings })).list;
    },
    async [Symbol.asyncDispose]() {
      await mirrors.close();
      await other[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}
