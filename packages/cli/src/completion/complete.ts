import type { Command } from 'commander';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { Fatal } from '../fatal.ts';
import type { Terminal } from '../terminal.ts';
import { candidates } from './candidates.ts';
import { scripts } from './scripts.ts';

const patienceMs = 1_500;

async function namesOf(kind: 'applications' | 'projects', options: GlobalOptions): Promise<string[]> {
  const client = await connect(options);
  const signal = AbortSignal.timeout(patienceMs);
  const { items } =
    kind === 'projects'
      ? await client.call('listProjects', { signal })
      : await client.call('listApplications', { query: { fields: 'items.metadata.name' }, signal });
  return items.map(({ metadata }) => metadata.name);
}

/** Prints what may come next, a line each. Without a server there are no names, and no message: nobody asked. */
export async function complete(terminal: Terminal, program: Command, words: string[]): Promise<void> {
  const found = candidates(program, words);
  const begun = words.at(-1) ?? '';
  const names = found.names ? await namesOf(found.names, program.opts()).catch(() => []) : [];
  const all = [...found.words, ...names.filter((name) => name.startsWith(begun))];
  terminal.out(all.map((word) => `${word}\n`).join(''));
}

/** `plumb completion SHELL`. */
export function completionScript(terminal: Terminal, shell: string): void {
  const script = scripts.get(shell);
  if (!script) {
    throw new Fatal(`there is no completion for ${shell}`, {
      next: `there is for ${[...scripts.keys()].join(', ')}`,
      exitCode: 1,
    });
  }
  terminal.out(script);
}
