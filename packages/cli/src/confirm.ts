import type { Terminal } from './terminal.ts';

/** Asks on a terminal; anything but yes is no. Scripts, and those who said yes before, are taken at their word. */
export async function confirm(terminal: Terminal, question: string, yes = false): Promise<boolean> {
  if (yes || !terminal.interactive) return true;
  const answer = await terminal.ask(`${question} [y/n] `);
  return /^y(es)?$/i.test(answer.trim());
}
