import type { ApplicationSource } from '@plumbline/apis';
import { toYaml } from '@plumbline/manifests';
import type { Random } from './random.ts';
import { configMap, type KustomizePart, rareKustomizeParts, token } from './random-kustomize-parts.ts';

/** An Application of a random repository, and how its type's bare tool gets the same objects. */
export interface RandomApp {
  name: string;
  type: 'kustomize' | 'helm' | 'directory';
  source: Partial<ApplicationSource> & { path: string };
}

/** Texts of files by path; a link has its target after `-> `. */
export interface RandomRepository {
  files: Map<string, string>;
  apps: RandomApp[];
}

interface Writing extends RandomRepository {
  random: Random;
  put(path: string, content: object | string): void;
}

const deployment = (name: string, random: Random) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, annotations: { note: token(random) } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: `image:${token(random)}` }] },
    },
  },
});

function addBases({ random, put }: Writing): void {
  for (const base of ['bases/b0', 'bases/b1']) {
    put(`${base}/cm.yaml`, configMap('cm', random));
    put(`${base}/deploy.yaml`, deployment('deploy', random));
    put(`${base}/unused.yaml`, configMap('unused', random));
    put(`${base}/README.md`, token(random));
    const generator = { configMapGenerator: [{ name: 'made', files: ['settings.txt'], envs: ['made.env'] }] };
    put(`${base}/settings.txt`, token(random));
    put(`${base}/made.env`, `KEY=${token(random)}\n`);
    put(`${base}/kustomization.yaml`, {
      resources: ['cm.yaml', 'deploy.yaml'],
      ...(random.chance(0.5) ? generator : {}),
    });
  }
  for (const component of ['components/c0', 'components/c1']) {
    put(`${component}/patch.yaml`, { ...configMap('cm', random), data: { [component.slice(-2)]: token(random) } });
    put(`${component}/kustomization.yaml`, {
      apiVersion: 'kustomize.config.k8s.io/v1alpha1',
      kind: 'Component',
      patches: [{ path: 'patch.yaml' }],
    });
  }
}

/** Parts that a kustomization may have, with their files in the folder. */
const kustomizeParts: readonly KustomizePart[] = [
  ({ put, random }, folder) => {
    put(`${folder}/patch.yaml`, { ...configMap('cm', random), data: { patched: token(random) } });
    return { patches: [{ path: 'patch.yaml' }] };
  },
  ({ put, random }, folder) => {
    put(`${folder}/files/own.txt`, token(random));
    put(`${folder}/files/other.txt`, token(random));
    return { configMapGenerator: [{ name: 'own', files: ['k=files/own.txt'] }] };
  },
  ({ put }, folder) => {
    const source = { kind: 'ConfigMap', name: 'cm', fieldPath: 'data.value' };
    const target = { select: { kind: 'Deployment' }, fieldPaths: ['metadata.annotations.note'] };
    put(`${folder}/replacement.yaml`, { source, targets: [target] });
    return { replacements: [{ path: 'replacement.yaml' }] };
  },
  ({ put, random }, folder) => {
    put(`${folder}/labels.yaml`, {
      apiVersion: 'builtin',
      kind: 'LabelTransformer',
      metadata: { name: 'labels' },
      labels: { mark: token(random) },
      fieldSpecs: [{ path: 'metadata/labels', create: true }],
    });
    return { transformers: ['labels.yaml'] };
  },
  ({ put, random }, folder) => {
    put(`${folder}/generated.txt`, token(random));
    put(`${folder}/generator.yaml`, {
      apiVersion: 'builtin',
      kind: 'ConfigMapGenerator',
      metadata: { name: 'plugged' },
      files: ['generated.txt'],
    });
    return { generators: ['generator.yaml'] };
  },
  ({ put, random }, folder) => {
    put(`${folder}/more/cm.yaml`, configMap('more', random));
    put(`${folder}/more/kustomization.yaml`, { resources: ['cm.yaml'] });
    return { resources: ['more'] };
  },
  ...rareKustomizeParts,
  ({ put, random }, folder) => {
    addChart({ put, random }, `${folder}/charts/inflated`);
    addChart({ put, random }, `${folder}/charts/spare`);
    put(`${folder}/inflated.yaml`, { value: token(random) });
    put(`${folder}/more-values.yaml`, { more: token(random) });
    const more = random.chance(0.5) ? { additionalValuesFiles: ['more-values.yaml'] } : {};
    return { helmCharts: [{ name: 'inflated', releaseName: 'r', valuesFile: 'inflated.yaml', ...more }] };
  },
];

function addOverlays(writing: Writing): void {
  const { random, put, apps } = writing;
  for (const name of ['o0', 'o1', 'o2']) {
    const folder = `overlays/${name}`;
    const parts = kustomizeParts.filter(() => random.chance(0.35)).map((part) => part(writing, folder));
    const resources = parts.flatMap((part) => ('resources' in part ? (part.resources as string[]) : []));
    put(`${folder}/notes.md`, token(random));
    put(`${folder}/kustomization.yaml`, {
      ...Object.assign({}, ...parts),
      resources: [`../../bases/${random.pick(['b0', 'b1'])}`, ...resources],
      ...(random.chance(0.5) ? { components: [`../../components/${random.pick(['c0', 'c1'])}`] } : {}),
    });
    apps.push({ name, type: 'kustomize', source: { path: folder } });
  }
}

function addChart({ random, put }: Pick<Writing, 'random' | 'put'>, folder: string, more: object = {}): void {
  const files = random.pick(['', '', '{{ .Files.Get "conf/a.txt" }}', '{{ (.Files.Glob "conf/*").AsConfig | quote }}']);
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  put(`${folder}/Chart.yaml`, { apiVersion: 'v2', name, version: '1.0.0', ...more });
  put(`${folder}/values.yaml`, { value: token(random), unused: token(random) });
  put(`${folder}/conf/a.txt`, token(random));
  put(`${folder}/conf/b.txt`, token(random));
  put(`${folder}/README.md`, token(random));
  put(`${folder}/ci/test-values.yaml`, { value: token(random) });
  put(`${folder}/templates/_helpers.tpl`, `{{ define "${name}.note" }}${token(random)}{{ end }}`);
  put(
    `${folder}/templates/cm.yaml`,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-${name}"}
data:
  all: {{ omit .Values "unused" "global" | toJson | quote }}
  note: {{ include "${name}.note" . | quote }}
  files: ${files || 'none'}
  text: ${token(random)}
`,
  );
}

function addCharts(writing: Writing): void {
  const { random, put, apps } = writing;
  put('values/common.yaml', { common: token(random) });
  for (const env of ['a', 'b', 'c']) put(`values/env-${env}.yaml`, { [env]: token(random) });
  put('values/text.txt', token(random));
  put('values/link.yaml', '-> common.yaml');
  addChart(writing, 'libs/shared');
  addChart(writing, 'libs/other');
  const options = ['/values/common.yaml', '../../values/env-*.yaml', '$here/values/env-b.yaml', '/values/link.yaml'];
  for (const name of ['h0', 'h1', 'h2']) {
    const folder = `apps/${name}`;
    const dependencies = [{ name: 'shared', version: '1.0.0', repository: 'file://../../libs/shared' }];
    addChart(writing, folder, random.chance(0.4) ? { dependencies } : {});
    if (random.chance(0.5)) addChart(writing, `${folder}/charts/sub`);
    apps.push({
      name,
      type: 'helm',
      source: {
        path: folder,
        helm: {
          valueFiles: options.filter(() => random.chance(0.5)),
          ...(random.chance(0.4) ? { fileParameters: [{ name: 'text', path: '/values/text.txt' }] } : {}),
        },
      },
    });
  }
}

function addDirectories(writing: Writing): void {
  const { random, put, apps } = writing;
  put('shared.libsonnet', `{ value: '${token(random)}' }\n`);
  put('lib/used.libsonnet', `{ value: '${token(random)}' }\n`);
  put('lib/chain.libsonnet', `(import 'chain/next.libsonnet') + { b: '${token(random)}' }\n`);
  put('lib/chain/next.libsonnet', `{ n: importstr 'next.txt', j: (import '../data.json').j }\n`);
  put('lib/chain/next.txt', token(random));
  put('lib/chain/unused.txt', token(random));
  put('lib/data.json', `{ "j": "${token(random)}" }`);
  put('lib/spare.libsonnet', `{ value: '${token(random)}' }\n`);
  for (const name of ['d0', 'd1']) {
    const folder = `plain/${name}`;
    put(`${folder}/a.yaml`, configMap('a', random));
    put(`${folder}/b.json`, JSON.stringify(configMap('b', random)));
    put(`${folder}/skip-c.yaml`, configMap('c', random));
    put(`${folder}/deep/d.yml`, configMap('d', random));
    put(`${folder}/deep/notes.txt`, token(random));
    put(`${folder}/linked.yaml`, '-> ../../bases/b0/unused.yaml');
    put(`${folder}/local.txt`, token(random));
    const program = `local shared = import '../../shared.libsonnet';\nlocal used = import 'used.libsonnet';\n`;
    const chain = random.chance(0.5) ? `, chain: std.toString(import 'chain.libsonnet')` : '';
    const data = `{ shared: shared.value, used: used.value, text: importstr 'local.txt'${chain} }`;
    if (random.chance(0.6)) {
      put(`${folder}/p.jsonnet`, `${program}${JSON.stringify(configMap('p', random))} + { data+: ${data} }\n`);
    }
    apps.push({
      name,
      type: 'directory',
      source: {
        path: folder,
        directory: {
          recurse: random.chance(0.5),
          ...(random.chance(0.5) ? { exclude: 'skip-*' } : {}),
          ...(random.chance(0.3) ? { include: '*.yaml' } : {}),
          jsonnet: { libs: ['lib'] },
        },
      },
    });
  }
}

/** A repository with 8 Applications of all types, whose parts are drawn. */
export function randomRepository(random: Random): RandomRepository {
  const files = new Map<string, string>();
  const writing: Writing = {
    random,
    files,
    apps: [],
    put: (path, content) => void files.set(path, typeof content === 'string' ? content : toYaml(content)),
  };
  files.set('README.md', token(random));
  addBases(writing);
  addOverlays(writing);
  addCharts(writing);
  addDirectories(writing);
  return writing;
}
