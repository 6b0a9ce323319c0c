import { readFileSync } from 'node:fs';
import type { ApplicationSource, ApplicationSourceHelm } from '@plumbline/apis';
import { merged, pair, split } from './pairs.ts';
import type { SourceFlag } from './source-flags.ts';

const helm = (source: ApplicationSource, change: Partial<ApplicationSourceHelm>): ApplicationSource => ({
  ...source,
  helm: { ...source.helm, ...change },
});

const withParameters = (source: ApplicationSource, texts: string[], forceString?: true): ApplicationSource => {
  const added = texts.map((text) => ({ ...pair(text), ...(forceString ? { forceString } : {}) }));
  return helm(source, { parameters: merged(source.helm?.parameters, added, ({ name }) => name ?? '') });
};

/** Flags of Helm sources with one value. */
export const helmTexts: SourceFlag<string>[] = [
  {
    flags: '--release-name <name>',
    about: 'Helm: release; default: the name of the application',
    set: (source, releaseName) => helm(source, { releaseName }),
  },
  { flags: '--helm-version <version>', about: 'Helm: version', set: (source, version) => helm(source, { version }) },
  {
    flags: '--helm-namespace <name>',
    about: 'Helm: namespace to render with',
    set: (source, namespace) => helm(source, { namespace }),
  },
  {
    flags: '--helm-kube-version <version>',
    about: 'Helm: Kubernetes version to render for',
    set: (source, kubeVersion) => helm(source, { kubeVersion }),
  },
  {
    flags: '--values-literal-file <file>',
    about: 'Helm: file of this machine whose content becomes the values',
    set: (source, file) => helm(source, { values: readFileSync(file, 'utf8'), valuesObject: undefined }),
  },
];

/** Flags of Helm sources that may be repeated. */
export const helmLists: SourceFlag<string[]>[] = [
  { flags: '--values <file>', about: 'Helm: values file', set: (source, valueFiles) => helm(source, { valueFiles }) },
  { flags: '--helm-set <name=value>', about: 'Helm: one value', set: (source, texts) => withParameters(source, texts) },
  {
    flags: '-p, --parameter <name=value>',
    about: 'Helm: one value, as --helm-set',
    set: (source, texts) => withParameters(source, texts),
  },
  {
    flags: '--helm-set-string <name=value>',
    about: 'Helm: one value that is a text',
    set: (source, texts) => withParameters(source, texts, true),
  },
  {
    flags: '--helm-set-file <name=path>',
    about: 'Helm: one value from a file',
    set: (source, texts) => {
      const added = texts.map(pair).map(({ name, value }) => ({ name, path: value }));
      return helm(source, { fileParameters: merged(source.helm?.fileParameters, added, ({ name }) => name ?? '') });
    },
  },
  {
    flags: '--helm-api-versions <versions>',
    about: 'Helm: API versions to render for',
    set: (source, texts) => helm(source, { apiVersions: split(texts) }),
  },
];

/** Flags of Helm sources that are on or off. */
export const helmSwitches: SourceFlag<boolean>[] = [
  {
    flags: '--helm-pass-credentials',
    about: 'Helm: send credentials to every host a chart is loaded from',
    set: (source, passCredentials) => helm(source, { passCredentials }),
  },
  {
    flags: '--ignore-missing-value-files',
    about: 'Helm: skip values files that do not exist',
    set: (source, ignoreMissingValueFiles) => helm(source, { ignoreMissingValueFiles }),
  },
  {
    flags: '--helm-skip-crds',
    about: 'Helm: leave out the folder crds',
    set: (source, skipCrds) => helm(source, { skipCrds }),
  },
  {
    flags: '--helm-skip-tests',
    about: 'Helm: leave out test hooks',
    set: (source, skipTests) => helm(source, { skipTests }),
  },
  {
    flags: '--helm-skip-schema-validation',
    about: 'Helm: do not check values against the schema',
    set: (source, skipSchemaValidation) => helm(source, { skipSchemaValidation }),
  },
];
