import type { Command, Option } from 'commander';
import { onOff } from './arguments.ts';

/** The options that a command takes, those of its parents included, by the words that name them. */
function optionsOf(command: Command | null): Map<string, Option> {
  if (!command) return new Map();
  const named = command.options.flatMap((option) =>
    [option.long, option.short].flatMap((word): [string, Option][] => (word ? [[word, option]] : [])),
  );
  return new Map([...optionsOf(command.parent), ...named]);
}

/** The command that words name. Values of options on the way are no names of commands. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  let options = optionsOf(program);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') break;
    if (word.startsWith('-')) {
      if (options.get(word)?.required) index += 1;
      continue;
    }
    const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!child) continue;
    command = child;
    options = optionsOf(child);
  }
  return command;
}

const isSwitch = (text: string | undefined): boolean => text === 'true' || text === 'false';

function written(
  option: Option,
  word: string,
  { value, next }: { value: string | undefined; next: string | undefined },
) {
  // On or off, and on by default: takes no other word as its value.
  if (option.optional && option.parseArg === onOff) {
    return value === undefined && !isSwitch(next)
      ? [`${word}=true`]
      : [value === undefined ? word : `${word}=${value}`];
  }
  // A plain switch, written as those of Go programs may be.
  if (!option.required && !option.optional && isSwitch(value)) return value === 'true' ? [word] : [];
  if (value === undefined) return [word];
  return word.startsWith('--') ? [`${word}=${value}`] : [word, value];
}

/**
 * The words as the parser takes them, where people write flags as Argo CD's command line takes them: `--prune=false`, `-o=json`,
 * and switches that are on by default with or without a value, so that `plumb app delete --cascade web` deletes `web`.
 */
export function flagWords(program: Command, words: string[]): string[] {
  const options = optionsOf(commandOf(program, words));
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const changed = before.flatMap((text, index) => {
    const found = /^(--[^=]+|-[A-Za-z])(?:=([\s\S]*))?$/.exec(text);
    const option = options.get(found?.[1] ?? '');
    const former = options.get(before[index - 1] ?? '');
    // The value of the option before it may look like anything.
    if (!found?.[1] || !option || former?.required) return [text];
    return written(option, found[1], { value: found[2], next: before[index + 1] });
  });
  return [...changed, ...words.slice(before.length)];
}
