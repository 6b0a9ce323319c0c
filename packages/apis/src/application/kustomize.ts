import { z } from 'zod';
import { flag, intOrText, list, open, text, textMap, texts } from '../fields.ts';

const replicas = open(
  { name: text('Name of the workload.'), count: intOrText('Number of replicas.') },
  'Replicas of one workload.',
);

const patchTarget = open(
  {
    group: text('API group.').optional(),
    version: text('API version.').optional(),
    kind: text('Kind.').optional(),
    name: text('Name; a regular expression.').optional(),
    namespace: text('Namespace; a regular expression.').optional(),
    labelSelector: text('Label selector.').optional(),
    annotationSelector: text('Annotation selector.').optional(),
  },
  'Which objects a patch is for.',
);

const patch = open(
  {
    path: text('File with the patch.').optional(),
    patch: text('The patch itself.').optional(),
    target: patchTarget.optional(),
    options: z.record(z.string(), z.boolean()).describe('Options such as allowNameChange.').optional(),
  },
  'One Kustomize patch.',
);

/** Options of a Kustomize source (reference §1.2). */
export const kustomizeSchema = open(
  {
    namePrefix: text('Prefix of all names.').optional(),
    nameSuffix: text('Suffix of all names.').optional(),
    images: texts('Image overrides: [old=]new[:tag|@digest].').optional(),
    replicas: list(replicas, 'Replica overrides.').optional(),
    commonLabels: textMap('Labels for all objects.').optional(),
    commonAnnotations: textMap('Annotations for all objects.').optional(),
    forceCommonLabels: flag('Replace labels that exist.').optional(),
    forceCommonAnnotations: flag('Replace annotations that exist.').optional(),
    commonAnnotationsEnvsubst: flag('Put build environment variables into annotation values.').optional(),
    labelWithoutSelector: flag('Keep common labels out of selectors.').optional(),
    labelIncludeTemplates: flag('Put common labels into templates too.').optional(),
    namespace: text('Namespace of all objects.').optional(),
    patches: list(patch, 'Patches.').optional(),
    components: texts('Kustomize components to add.').optional(),
    ignoreMissingComponents: flag('Skip components that do not exist.').optional(),
    version: text('Which configured Kustomize binary to use.').optional(),
    kubeVersion: text('Kubernetes version for Helm charts inside.').optional(),
    apiVersions: texts('API versions for Helm charts inside.').optional(),
  },
  'Options of Kustomize.',
);
export type ApplicationSourceKustomize = z.infer<typeof kustomizeSchema>;
