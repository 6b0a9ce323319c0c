import type { Random } from './random.ts';

interface Writing {
  random: Random;
  put(path: string, content: object | string): void;
}

/** Tokens that mutations change: they are all over the files. */
export const token = (random: Random) => `v${random.below(1_000)}`;

export const configMap = (name: string, random: Random) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value: token(random) },
});

/** Adds the files of a part to the folder and gives what its kustomization says of them. */
export type KustomizePart = (writing: Writing, folder: string) => object;

/** Two folders below the folder, with a component of their own, and one base by two ways. */
const nested: KustomizePart = ({ put, random }, folder) => {
  put(`${folder}/nested/inner/cm.yaml`, configMap('inner', random));
  put(`${folder}/nested/inner/unused.yaml`, configMap('unused', random));
  put(`${folder}/nested/inner/Kustomization`, { resources: ['cm.yaml'] });
  put(`${folder}/nested/kustomization.yml`, {
    resources: ['inner'],
    components: ['part'],
    namePrefix: `${token(random)}-`,
  });
  const kind = { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' };
  put(`${folder}/nested/part/patch.json`, JSON.stringify([{ op: 'add', path: '/data/json', value: token(random) }]));
  put(`${folder}/nested/part/kustomization.yaml`, {
    ...kind,
    components: ['deeper'],
    patchesJson6902: [{ path: 'patch.json', target: { version: 'v1', kind: 'ConfigMap', name: '.*inner' } }],
  });
  put(`${folder}/nested/part/deeper/own.env`, `A=${token(random)}\n`);
  put(`${folder}/nested/part/deeper/kustomization.yaml`, {
    ...kind,
    secretGenerator: [{ name: 'deeper', envs: ['own.env'] }],
  });
  return { resources: ['nested/'] };
};

const merged: KustomizePart = ({ put, random }, folder) => {
  put(`${folder}/merged.yaml`, { ...configMap('cm', random), data: { merged: token(random) } });
  return { patchesStrategicMerge: ['./merged.yaml'] };
};

const typed: KustomizePart = ({ put, random }, folder) => {
  put(`${folder}/config/names.yaml`, {
    commonAnnotations: [{ path: 'data/noted', create: true, kind: 'ConfigMap', version: 'v1' }],
  });
  put(
    `${folder}/config/crds.json`,
    JSON.stringify({ 'example.com/v1.Thing': { Schema: { description: token(random) } } }),
  );
  put(`${folder}/config/spare.yaml`, { note: token(random) });
  return {
    configurations: ['config/names.yaml'],
    crds: ['config/crds.json'],
    commonAnnotations: { note: token(random) },
  };
};

const openapi: KustomizePart = ({ put, random }, folder) => {
  put(
    `${folder}/schema.json`,
    JSON.stringify({
      definitions: {
        'v1.Thing': {
          description: token(random),
          type: 'object',
          'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Thing', version: 'v1' }],
        },
      },
    }),
  );
  return { openapi: { path: 'schema.json' } };
};

/** Generators in a folder of their own, which is a kustomization. */
const folderOfGenerators: KustomizePart = ({ put, random }, folder) => {
  put(`${folder}/made/text.txt`, token(random));
  put(`${folder}/made/spare.txt`, token(random));
  put(`${folder}/made/maker.yaml`, {
    apiVersion: 'builtin',
    kind: 'SecretGenerator',
    metadata: { name: 'maker', annotations: { 'config.kubernetes.io/note': token(random) } },
    literals: [`LITERAL=${token(random)}`],
  });
  put(`${folder}/made/kustomization.yaml`, { resources: ['maker.yaml'] });
  return { generators: ['made'] };
};

const linked: KustomizePart = ({ put, random }, folder) => {
  put(`${folder}/real/cm.yaml`, configMap('linked', random));
  put(`${folder}/real/other.yaml`, configMap('linked-other', random));
  put(`${folder}/link.yaml`, `-> real/${random.pick(['cm', 'other'])}.yaml`);
  put(`${folder}/real/kustomization.yaml`, { resources: ['other.yaml'] });
  put(`${folder}/linked`, '-> real');
  return { resources: [random.pick(['link.yaml', 'linked'])] };
};

/** Parts of kustomizations that are rarer; see random-repository.ts. */
export const rareKustomizeParts: readonly KustomizePart[] = [
  ...[nested, merged, typed, openapi],
  ...[folderOfGenerators, linked],
];
