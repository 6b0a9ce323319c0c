import type { ApplicationSourceKustomize } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { type KustomizeImage, parseImageOverride, setImages } from './image.ts';
import { isMembers, type Kustomization, listOf, recordsOf, textsOf } from './kustomization.ts';

/** The Application's options, substituted and with the components that are there. */
export type KustomizeEdits = Omit<ApplicationSourceKustomize, 'ignoreMissingComponents' | 'commonAnnotationsEnvsubst'>;

type Edit = (kustomization: Kustomization, edits: KustomizeEdits) => Kustomization;

const setNames: Edit = (kustomization, { namePrefix, nameSuffix }) => ({
  ...kustomization,
  ...(namePrefix ? { namePrefix } : {}),
  ...(nameSuffix ? { nameSuffix } : {}),
});

const setImageOverrides: Edit = (kustomization, { images = [] }) => {
  if (images.length === 0) return kustomization;
  const { imageTags, ...rest } = kustomization;
  const existing = [...recordsOf(kustomization['images']), ...recordsOf(imageTags)] as KustomizeImage[];
  return { ...rest, images: setImages(existing, images.map(parseImageOverride)) };
};

function countOf(name: string, count: number | string): number {
  const value = typeof count === 'number' ? count : /^[+-]?\d+$/.test(count) ? Number(count) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new PlumblineError(
    'RENDER_INVALID_SOURCE',
    `kustomize.replicas: the count "${count}" of ${name} is no whole number`,
  );
}

const setReplicas: Edit = (kustomization, { replicas = [] }) => {
  if (replicas.length === 0) return kustomization;
  const merged = new Map<unknown, unknown>(
    replicas.map(({ name, count }) => [name, { name, count: countOf(name, count) }]),
  );
  for (const replica of recordsOf(kustomization['replicas'])) {
    if (!merged.has(replica['name'])) merged.set(replica['name'], replica);
  }
  const sorted = [...merged].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).map(([, replica]) => replica);
  return { ...kustomization, replicas: sorted };
};

interface Additions {
  kind: 'label' | 'annotation';
  values: Readonly<Record<string, string>>;
  force: boolean;
}

function addTo(existing: unknown, { kind, values, force }: Additions): Record<string, unknown> {
  const members = isMembers(existing) ? existing : {};
  const conflict = Object.keys(values).find((key) => Object.hasOwn(members, key));
  if (conflict !== undefined && !force) {
    throw new PlumblineError('RENDER_INVALID_SOURCE', `${kind} ${conflict} already in kustomization file`, {
      hint: `set kustomize.${kind === 'label' ? 'forceCommonLabels' : 'forceCommonAnnotations'} to replace it`,
    });
  }
  return { ...members, ...values };
}

const addLabels: Edit = (kustomization, edits) => {
  const values = edits.commonLabels ?? {};
  if (Object.keys(values).length === 0) return kustomization;
  const additions: Additions = { kind: 'label', values, force: edits.forceCommonLabels ?? false };
  const includeTemplates = edits.labelIncludeTemplates ?? false;
  if (!edits.labelWithoutSelector) {
    if (includeTemplates) {
      throw new PlumblineError('RENDER_INVALID_SOURCE', 'kustomize.labelIncludeTemplates needs labelWithoutSelector');
    }
    return { ...kustomization, commonLabels: addTo(kustomization['commonLabels'], additions) };
  }
  const labels = listOf(kustomization['labels']);
  const same = (entry: unknown) =>
    isMembers(entry) && !entry['includeSelectors'] && (entry['includeTemplates'] ?? false) === includeTemplates;
  const index = labels.findIndex(same);
  const entry = labels[index];
  if (!isMembers(entry)) {
    const added = { pairs: values, includeSelectors: false, ...(includeTemplates ? { includeTemplates } : {}) };
    return { ...kustomization, labels: [...labels, added] };
  }
  return { ...kustomization, labels: labels.with(index, { ...entry, pairs: addTo(entry['pairs'], additions) }) };
};

const addAnnotations: Edit = (kustomization, edits) => {
  const values = edits.commonAnnotations ?? {};
  if (Object.keys(values).length === 0) return kustomization;
  const additions: Additions = { kind: 'annotation', values, force: edits.forceCommonAnnotations ?? false };
  return { ...kustomization, commonAnnotations: addTo(kustomization['commonAnnotations'], additions) };
};

const setNamespace: Edit = (kustomization, { namespace }) =>
  namespace ? { ...kustomization, namespace } : kustomization;

/** Very old files list paths under `patches`; kustomize reads such a list as patchesStrategicMerge. */
const addPatches: Edit = (kustomization, { patches = [] }) => {
  if (patches.length === 0) return kustomization;
  const existing = listOf(kustomization['patches']);
  if (textsOf(existing).length === 0) return { ...kustomization, patches: [...existing, ...patches] };
  const merges = [...listOf(kustomization['patchesStrategicMerge']), ...existing];
  return { ...kustomization, patchesStrategicMerge: merges, patches };
};

const addComponents: Edit = (kustomization, { components = [] }) => {
  const existing = listOf(kustomization['components']);
  const added = components.filter((component) => !existing.includes(component));
  return added.length === 0 ? kustomization : { ...kustomization, components: [...existing, ...added] };
};

/** Reference §7.3: in this order. */
const editsInOrder: readonly Edit[] = [
  setNames,
  setImageOverrides,
  setReplicas,
  addLabels,
  addAnnotations,
  setNamespace,
  addPatches,
  addComponents,
];

/**
 * The kustomization as the `kustomize edit` commands of reference §7.3 would leave it. Throws `RENDER_INVALID_SOURCE`
 * where one of them would refuse.
 */
export function editKustomization(kustomization: Kustomization, edits: KustomizeEdits): Kustomization {
  return editsInOrder.reduce((edited, edit) => edit(edited, edits), kustomization);
}

/** Whether the options change the kustomization file at all. */
export function hasEdits(edits: KustomizeEdits): boolean {
  const { namePrefix, nameSuffix, images, replicas, commonLabels, commonAnnotations, namespace, patches, components } =
    edits;
  const lists = [
    images,
    replicas,
    patches,
    components,
    Object.keys(commonLabels ?? {}),
    Object.keys(commonAnnotations ?? {}),
  ];
  return [namePrefix, nameSuffix, namespace].some(Boolean) || lists.some((list) => (list?.length ?? 0) > 0);
}
