import { type Command, Option } from 'commander';
import { collect, collectWhole, onOff } from '../arguments.ts';

/** Adds the flags that name revisions of some of several sources. */
export const sourceRevisionFlags = (command: Command): Command =>
  command
    .option(
      '--revisions <revision>',
      'revision of the source at the same place of the flags below; may be repeated',
      collect,
    )
    .option('--source-positions <number>', 'which of several sources, from 1; may be repeated', collectWhole)
    .option('--source-names <name>', 'which of several sources; may be repeated', collect);

/** Flags of Argo CD about how it compares, which is not how we do: the API server is asked object by object. */
export function comparisonFlags(command: Command): Command {
  for (const flags of [
    '--ignore-normalizer-jq-execution-timeout <duration>',
    '--server-side-diff-concurrency <count>',
    '--server-side-diff-max-batch-kb <size>',
  ])
    command.addOption(new Option(flags, 'without effect').hideHelp());
  const option = new Option('--server-side-diff [on]', 'without effect');
  return command.addOption(option.argParser(onOff).hideHelp());
}
