import type { ApplicationSource } from '@plumbline/apis';
import type { Command } from 'commander';
import { Option } from 'commander';
import { collect } from '../../arguments.ts';
import { imageKey } from './kustomize-flags.ts';
import type { FlagValues, SourceFlag } from './source-flags.ts';

const lists: SourceFlag<string[]>[] = [
  {
    flags: '-p, --parameter <name>',
    about: 'Helm: value',
    set: (source, names) => ({
      ...source,
      helm: {
        ...source.helm,
        parameters: (source.helm?.parameters ?? []).filter(({ name = '' }) => !names.includes(name)),
        fileParameters: (source.helm?.fileParameters ?? []).filter(({ name = '' }) => !names.includes(name)),
      },
    }),
  },
  {
    flags: '--values <file>',
    about: 'Helm: values file',
    set: (source, files) => ({
      ...source,
      helm: { ...source.helm, valueFiles: (source.helm?.valueFiles ?? []).filter((file) => !files.includes(file)) },
    }),
  },
  {
    flags: '--kustomize-image <image>',
    about: 'Kustomize: image override, by the name of the image',
    set: (source, images) => {
      const gone = new Set(images.map(imageKey));
      const left = (source.kustomize?.images ?? []).filter((image) => !gone.has(imageKey(image)));
      return { ...source, kustomize: { ...source.kustomize, images: left } };
    },
  },
  {
    flags: '--kustomize-replica <name>',
    about: 'Kustomize: replica override',
    set: (source, names) => ({
      ...source,
      kustomize: {
        ...source.kustomize,
        replicas: (source.kustomize?.replicas ?? []).filter(({ name }) => !names.includes(name)),
      },
    }),
  },
  {
    flags: '--plugin-env <name>',
    about: 'plugin: environment variable',
    set: (source, names) => ({
      ...source,
      plugin: { ...source.plugin, env: (source.plugin?.env ?? []).filter(({ name }) => !names.includes(name)) },
    }),
  },
];

const helmless = (source: ApplicationSource, ...names: string[]): ApplicationSource => ({
  ...source,
  helm: Object.fromEntries(Object.entries(source.helm ?? {}).filter(([name]) => !names.includes(name))),
});

const kustomizeless = (source: ApplicationSource, ...names: string[]): ApplicationSource => ({
  ...source,
  kustomize: Object.fromEntries(Object.entries(source.kustomize ?? {}).filter(([name]) => !names.includes(name))),
});

const switches: { flags: string; about: string; unset: (source: ApplicationSource) => ApplicationSource }[] = [
  {
    flags: '--values-literal',
    about: 'Helm: inline values',
    unset: (source) => helmless(source, 'values', 'valuesObject'),
  },
  {
    flags: '--pass-credentials',
    about: 'Helm: pass credentials',
    unset: (source) => helmless(source, 'passCredentials'),
  },
  {
    flags: '--ignore-missing-value-files',
    about: 'Helm: skip missing values files',
    unset: (source) => helmless(source, 'ignoreMissingValueFiles'),
  },
  { flags: '--release-name', about: 'Helm: release', unset: (source) => helmless(source, 'releaseName') },
  { flags: '--nameprefix', about: 'Kustomize: prefix', unset: (source) => kustomizeless(source, 'namePrefix') },
  { flags: '--namesuffix', about: 'Kustomize: suffix', unset: (source) => kustomizeless(source, 'nameSuffix') },
  { flags: '--kustomize-version', about: 'Kustomize: version', unset: (source) => kustomizeless(source, 'version') },
  {
    flags: '--kustomize-namespace',
    about: 'Kustomize: namespace',
    unset: (source) => kustomizeless(source, 'namespace'),
  },
  {
    flags: '--ignore-missing-components',
    about: 'Kustomize: skip missing components',
    unset: (source) => kustomizeless(source, 'ignoreMissingComponents'),
  },
  {
    flags: '--ref',
    about: 'name for $ref/… in value files',
    unset: ({ ref: _, ...source }) => source,
  },
];

/** Adds the flags of `app unset`: what is taken away. */
export function unsetFlags(command: Command): Command {
  for (const { flags, about } of lists) command.option(flags, `${about}; may be repeated`, collect);
  for (const { flags, about } of switches) command.option(flags, about);
  return command;
}

/** The source without what the flags name. */
export function withoutFlags(source: ApplicationSource, values: FlagValues): ApplicationSource {
  let changed = source;
  for (const { flags, set } of lists) {
    const value = values[new Option(flags).attributeName()];
    if (Array.isArray(value)) changed = set(changed, value.map(String));
  }
  for (const { flags, unset } of switches) {
    if (values[new Option(flags).attributeName()] === true) changed = unset(changed);
  }
  return changed;
}
