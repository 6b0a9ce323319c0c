import type { Command } from 'commander';
import { onOff } from './arguments.ts';

/** Long names of the options that are on or off, of a command and all below it. */
function onOffNames(command: Command): string[] {
  const own = command.options.flatMap(({ long, optional, parseArg }) =>
    long && optional && parseArg === onOff ? [long] : [],
  );
  return [...own, ...command.commands.flatMap(onOffNames)];
}

/**
 * The words with `=true` behind every option that is on or off and has neither `=` nor `true` or `false` after it: it takes no
 * other word as its value, so that `plumb app delete --cascade web` deletes `web`.
 */
export function flagWords(program: Command, words: string[]): string[] {
  const names = new Set(onOffNames(program));
  return words.map((word, index) => {
    const next = words[index + 1];
    return names.has(word) && next !== 'true' && next !== 'false' ? `${word}=true` : word;
  });
}
