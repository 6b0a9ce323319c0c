import type { ApplicationSource } from '@plumbline/apis';
import type { Command } from 'commander';
import { Option } from 'commander';
import { collect, onOff } from '../../arguments.ts';
import { helmLists, helmSwitches, helmTexts } from './helm-flags.ts';
import { kustomizeLists, kustomizeSwitches, kustomizeTexts } from './kustomize-flags.ts';
import { directoryLists, directorySwitches, directoryTexts, pluginLists, pluginTexts } from './other-flags.ts';

/** One flag of a source: what it is called and what it does to the source. */
export interface SourceFlag<Value> {
  flags: string;
  about: string;
  set: (source: ApplicationSource, value: Value) => ApplicationSource;
}

/** Values of flags by their attribute names, as commander gives them. */
export type FlagValues = Record<string, unknown>;

const sourceTexts: SourceFlag<string>[] = [
  { flags: '--repo <url>', about: 'repository', set: (source, repoURL) => ({ ...source, repoURL }) },
  { flags: '--path <folder>', about: 'folder in the repository', set: (source, path) => ({ ...source, path }) },
  {
    flags: '--revision <revision>',
    about: 'branch, tag, commit or version range to follow',
    set: (source, targetRevision) => ({ ...source, targetRevision }),
  },
  {
    flags: '--tag-prefix <text>',
    about: 'only tags that begin so take part in a version range',
    set: (source, tagPrefix) => ({ ...source, tagPrefix }),
  },
  { flags: '--helm-chart <name>', about: 'chart of a Helm repository', set: (source, chart) => ({ ...source, chart }) },
  { flags: '--ref <name>', about: 'name for $ref/… in value files', set: (source, ref) => ({ ...source, ref }) },
  { flags: '--source-name <name>', about: 'name of the source', set: (source, name) => ({ ...source, name }) },
];

const texts = [...sourceTexts, ...helmTexts, ...kustomizeTexts, ...directoryTexts, ...pluginTexts];
const lists = [...helmLists, ...kustomizeLists, ...directoryLists, ...pluginLists];
const switches = [...helmSwitches, ...kustomizeSwitches, ...directorySwitches];

/** Adds the flags that describe a source (reference §14). */
export function sourceFlags(command: Command): Command {
  for (const { flags, about } of texts) command.option(flags, about);
  for (const { flags, about } of lists) command.option(flags, `${about}; may be repeated`, collect);
  for (const { flags, about } of switches) command.option(`${flags} [on]`, about, onOff);
  return command.addOption(new Option('--env <name>', 'without effect').hideHelp());
}

/** The source with everything that the flags say about it. */
export function withSourceFlags(source: ApplicationSource, values: FlagValues): ApplicationSource {
  const given = (flags: string): unknown => values[new Option(flags).attributeName()];
  let changed = source;
  for (const { flags, set } of texts) {
    const value = given(flags);
    if (typeof value === 'string') changed = set(changed, value);
  }
  for (const { flags, set } of lists) {
    const value = given(flags);
    if (Array.isArray(value)) changed = set(changed, value.map(String));
  }
  for (const { flags, set } of switches) {
    const value = given(flags);
    if (typeof value === 'boolean') changed = set(changed, value);
  }
  return changed;
}
