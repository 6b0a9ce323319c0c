import type { Terminal } from '../terminal.ts';

/** Shows a text that changes: redrawn on a terminal, else each line that was not there before. */
interface Screen {
  show(text: string): void;
}

/** A screen on the terminal. */
export function createScreen(terminal: Terminal): Screen {
  let before = new Set<string>();
  return {
    show: (text) => {
      if (terminal.interactive) {
        terminal.out(`\u001b[H\u001b[2J${text}`);
        return;
      }
      const lines = text.split('\n').filter((line) => line !== '');
      terminal.out(
        lines
          .filter((line) => !before.has(line))
          .map((line) => `${line}\n`)
          .join(''),
      );
      before = new Set(lines);
    },
  };
}
