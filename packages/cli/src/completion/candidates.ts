import type { Command, Option } from 'commander';

/** What may come next on a command line. */
interface Candidates {
  words: string[];
  /** Names of these are candidates, too; only the server knows them. */
  names?: 'applications' | 'projects';
}

const visible = (command: Command): Command[] =>
  command.commands.filter((child) => !child.name().startsWith('__') && child.name() !== 'help');

/** The options that a command takes, those of its parents included. */
function optionsOf(command: Command): Option[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  return command.parent ? [...own, ...optionsOf(command.parent)] : own;
}

/** The option whose value the last complete word waits for. */
function waiting(command: Command, word: string | undefined): Option | undefined {
  if (word === undefined) return undefined;
  return optionsOf(command).find((option) => option.required && (option.long === word || option.short === word));
}

/** Follows complete words down to the command that they name. */
function commandOf(program: Command, words: string[]): { command: Command; operands: number } {
  let command = program;
  let operands = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word.startsWith('-')) {
      if (waiting(command, word)) index += 1;
      continue;
    }
    const child = visible(command).find((candidate) => candidate.name() === word);
    if (child) command = child;
    else operands += 1;
  }
  return { command, operands };
}

/** What the server is to be asked for: the first operand of `app …` is an Application, that of `proj …` a project. */
function namesFor(command: Command, operands: number): Candidates['names'] {
  const takesMore =
    command.registeredArguments.length > operands || command.registeredArguments.at(-1)?.variadic === true;
  const family =
    command.parent?.name() === 'role' || command.parent?.name() === 'actions' ? command.parent.parent : command.parent;
  if (!takesMore || command.name() === 'create') return undefined;
  if (family?.name() === 'app' && (operands === 0 || command.registeredArguments[0]?.variadic)) return 'applications';
  return family?.name() === 'proj' && operands === 0 ? 'projects' : undefined;
}

/** Completes the last of these words, which may be empty; the program's own name is not among them. */
export function candidates(program: Command, words: string[]): Candidates {
  const complete = words.slice(0, -1);
  const begun = words.at(-1) ?? '';
  const { command, operands } = commandOf(program, complete);
  const fits = (word: string): boolean => word.startsWith(begun);
  const option = waiting(command, complete.at(-1));
  if (option) {
    if (option.long === '--project') return { words: [], names: 'projects' };
    return { words: (option.argChoices ?? []).filter(fits) };
  }
  if (begun.startsWith('-')) {
    const longs = optionsOf(command).flatMap(({ long }) => (long ? [long] : []));
    return { words: [...longs, '--help'].filter(fits) };
  }
  const names = namesFor(command, operands);
  return {
    words: visible(command)
      .map((child) => child.name())
      .filter(fits),
    ...(names ? { names } : {}),
  };
}
