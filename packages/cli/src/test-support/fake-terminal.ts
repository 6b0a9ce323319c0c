import type { Terminal } from '../terminal.ts';

/** A terminal that keeps what is written and answers questions from a list. */
export function fakeTerminal(options: { interactive?: boolean; answers?: string[] } = {}) {
  const written = { out: '', err: '' };
  const answers = [...(options.answers ?? [])];
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    interactive: options.interactive ?? false,
    ask: async (question) => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`nobody answers "${question}"`);
      return answer;
    },
    columns: () => 120,
    now: () => new Date('2026-05-01T12:00:00Z'),
  };
  return { terminal, written };
}
