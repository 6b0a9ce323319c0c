import type { ApplicationSource, ApplicationSourceDirectory, ApplicationSourcePlugin } from '@plumbline/apis';
import { merged, pair } from './pairs.ts';
import type { SourceFlag } from './source-flags.ts';

type Jsonnet = NonNullable<ApplicationSourceDirectory['jsonnet']>;

const directory = (source: ApplicationSource, change: Partial<ApplicationSourceDirectory>): ApplicationSource => ({
  ...source,
  directory: { ...source.directory, ...change },
});

const plugin = (source: ApplicationSource, change: Partial<ApplicationSourcePlugin>): ApplicationSource => ({
  ...source,
  plugin: { ...source.plugin, ...change },
});

const jsonnet = (source: ApplicationSource, change: Partial<Jsonnet>): ApplicationSource =>
  directory(source, { jsonnet: { ...source.directory?.jsonnet, ...change } });

const withVariables =
  (list: 'extVars' | 'tlas', code: boolean) =>
  (source: ApplicationSource, texts: string[]): ApplicationSource => {
    const added = texts.map((text) => ({ ...pair(text), ...(code ? { code } : {}) }));
    return jsonnet(source, { [list]: merged(source.directory?.jsonnet?.[list], added, ({ name }) => name) });
  };

/** Flags of directories with one value. */
export const directoryTexts: SourceFlag<string>[] = [
  {
    flags: '--directory-include <glob>',
    about: 'directory: files to read',
    set: (source, include) => directory(source, { include }),
  },
  {
    flags: '--directory-exclude <glob>',
    about: 'directory: files to leave out',
    set: (source, exclude) => directory(source, { exclude }),
  },
];

/** Flags of directories that are on or off. */
export const directorySwitches: SourceFlag<boolean>[] = [
  {
    flags: '--directory-recurse',
    about: 'directory: read folders below too',
    set: (source, recurse) => directory(source, { recurse }),
  },
  {
    flags: '--directory-disable-extension-filter',
    about: 'directory: read files of every extension',
    set: (source, disableExtensionFilter) => directory(source, { disableExtensionFilter }),
  },
];

/** Flags of directories that may be repeated. */
export const directoryLists: SourceFlag<string[]>[] = [
  { flags: '--jsonnet-tla-str <name=value>', about: 'Jsonnet: argument', set: withVariables('tlas', false) },
  { flags: '--jsonnet-tla-code <name=code>', about: 'Jsonnet: argument as code', set: withVariables('tlas', true) },
  { flags: '--jsonnet-ext-var-str <name=value>', about: 'Jsonnet: variable', set: withVariables('extVars', false) },
  {
    flags: '--jsonnet-ext-var-code <name=code>',
    about: 'Jsonnet: variable as code',
    set: withVariables('extVars', true),
  },
  {
    flags: '--jsonnet-libs <folder>',
    about: 'Jsonnet: library folder',
    set: (source, libs) => jsonnet(source, { libs: merged(source.directory?.jsonnet?.libs, libs, (lib) => lib) }),
  },
];

/** Flags of plugins with one value. */
export const pluginTexts: SourceFlag<string>[] = [
  {
    flags: '--config-management-plugin <name>',
    about: 'plugin that renders the source',
    set: (source, name) => plugin(source, { name }),
  },
];

/** Flags of plugins that may be repeated. */
export const pluginLists: SourceFlag<string[]>[] = [
  {
    flags: '--plugin-env <name=value>',
    about: 'plugin: environment variable',
    set: (source, texts) => plugin(source, { env: merged(source.plugin?.env, texts.map(pair), ({ name }) => name) }),
  },
];
