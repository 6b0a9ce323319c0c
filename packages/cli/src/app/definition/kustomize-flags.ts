import type { ApplicationSource, ApplicationSourceKustomize } from '@plumbline/apis';
import { merged, pair, pairMap, split } from './pairs.ts';
import type { SourceFlag } from './source-flags.ts';

const kustomize = (source: ApplicationSource, change: Partial<ApplicationSourceKustomize>): ApplicationSource => ({
  ...source,
  kustomize: { ...source.kustomize, ...change },
});

/** What an image override is for: `old` of `old=new:tag`, else the name without tag and digest. */
export const imageKey = (text: string): string => text.split('=')[0]?.replace(/@.*$|:[^:/]*$/, '') ?? text;

/** Flags of Kustomize sources with one value. */
export const kustomizeTexts: SourceFlag<string>[] = [
  {
    flags: '--nameprefix <text>',
    about: 'Kustomize: prefix of all names',
    set: (source, namePrefix) => kustomize(source, { namePrefix }),
  },
  {
    flags: '--namesuffix <text>',
    about: 'Kustomize: suffix of all names',
    set: (source, nameSuffix) => kustomize(source, { nameSuffix }),
  },
  {
    flags: '--kustomize-version <version>',
    about: 'Kustomize: which configured binary',
    set: (source, version) => kustomize(source, { version }),
  },
  {
    flags: '--kustomize-namespace <name>',
    about: 'Kustomize: namespace of all objects',
    set: (source, namespace) => kustomize(source, { namespace }),
  },
  {
    flags: '--kustomize-kube-version <version>',
    about: 'Kustomize: Kubernetes version for charts inside',
    set: (source, kubeVersion) => kustomize(source, { kubeVersion }),
  },
];

/** Flags of Kustomize sources that may be repeated. */
export const kustomizeLists: SourceFlag<string[]>[] = [
  {
    flags: '--kustomize-image <image>',
    about: 'Kustomize: [old=]new[:tag|@digest]',
    set: (source, images) => kustomize(source, { images: merged(source.kustomize?.images, images, imageKey) }),
  },
  {
    flags: '--kustomize-replica <name=count>',
    about: 'Kustomize: replicas of a workload',
    set: (source, texts) => {
      const added = texts.map(pair).map(({ name, value }) => ({ name, count: Number(value) }));
      return kustomize(source, { replicas: merged(source.kustomize?.replicas, added, ({ name }) => name) });
    },
  },
  {
    flags: '--kustomize-common-label <name=value>',
    about: 'Kustomize: label of all objects',
    set: (source, texts) =>
      kustomize(source, { commonLabels: { ...source.kustomize?.commonLabels, ...pairMap(texts) } }),
  },
  {
    flags: '--kustomize-common-annotation <name=value>',
    about: 'Kustomize: annotation of all objects',
    set: (source, texts) =>
      kustomize(source, { commonAnnotations: { ...source.kustomize?.commonAnnotations, ...pairMap(texts) } }),
  },
  {
    flags: '--kustomize-api-versions <versions>',
    about: 'Kustomize: API versions for charts inside',
    set: (source, texts) => kustomize(source, { apiVersions: split(texts) }),
  },
];

/** Flags of Kustomize sources that are on or off. */
export const kustomizeSwitches: SourceFlag<boolean>[] = [
  {
    flags: '--kustomize-label-without-selector',
    about: 'Kustomize: keep labels out of selectors',
    set: (source, labelWithoutSelector) => kustomize(source, { labelWithoutSelector }),
  },
  {
    flags: '--kustomize-label-include-templates',
    about: 'Kustomize: put labels into templates too',
    set: (source, labelIncludeTemplates) => kustomize(source, { labelIncludeTemplates }),
  },
  {
    flags: '--kustomize-force-common-label',
    about: 'Kustomize: replace labels that exist',
    set: (source, forceCommonLabels) => kustomize(source, { forceCommonLabels }),
  },
  {
    flags: '--kustomize-force-common-annotation',
    about: 'Kustomize: replace annotations that exist',
    set: (source, forceCommonAnnotations) => kustomize(source, { forceCommonAnnotations }),
  },
  {
    flags: '--ignore-missing-components',
    about: 'Kustomize: skip components that do not exist',
    set: (source, ignoreMissingComponents) => kustomize(source, { ignoreMissingComponents }),
  },
];
