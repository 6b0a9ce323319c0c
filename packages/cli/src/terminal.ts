import { Fatal } from './fatal.ts';

/** Where a command reads and writes. Tests give their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether output goes to a terminal that can be redrawn. */
  interactive: boolean;
  /** Asks for a line; `hidden` does not show what is typed. Throws Fatal where there is nobody to ask. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  columns(): number;
  now(): Date;
}

async function askOnTerminal(question: string, hidden: boolean): Promise<string> {
  const { createInterface } = await import('node:readline');
  const { Writable } = await import('node:stream');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const reader = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: hidden });
  try {
    return await new Promise((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => resolve(''));
    });
  } finally {
    reader.close();
    if (hidden) process.stderr.write('\n');
  }
}

let piped: AsyncIterator<string> | undefined;

/** The next line of standard input that is no terminal: scripts answer that way. */
async function nextPipedLine(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  piped ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { value, done } = await piped.next();
  if (!done) return value;
  const what = question.replace(/^[*\s]+|[:?\s]+$/g, '');
  throw new Fatal(`nobody answers "${what}": standard input is no terminal`, {
    next: 'give it as an option (--help names them), or as a line on standard input',
  });
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stdout.isTTY === true && process.env['TERM'] !== 'dumb',
    ask: (question, options) =>
      process.stdin.isTTY ? askOnTerminal(question, options?.hidden ?? false) : nextPipedLine(question),
    columns: () => process.stdout.columns || 120,
    now: () => new Date(),
  };
}
