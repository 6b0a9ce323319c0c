import type { Application } from '@plumbline/apis';
import { dim, paint } from '../output/paint.ts';
import { type ResourceRow, resourceCells, resourceHeadings, resourceRows } from '../output/resource-rows.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

/** Shows how an Application gets on: a table that is redrawn on a terminal, else a line for each change. */
interface Progress {
  show(application: Application): void;
  /** Leaves the last state on the screen and goes on below it. */
  end(): void;
}

/** Rows that a terminal can show without scrolling; what is done is left out first. */
const shownRows = 20;

function headline({ metadata, status }: Application): string {
  const state = status?.operationState;
  const operation = state ? `  operation ${paint(state.phase)} ${state.message ?? ''}` : '';
  const sync = paint(status?.sync?.status ?? 'Unknown');
  return `${metadata.name}  ${sync}  ${paint(status?.health?.status ?? 'Unknown')}${operation}`;
}

const settled = ({ status, health }: ResourceRow): boolean =>
  status === 'Synced' && (health === '' || health === 'Healthy');

function liveTable(terminal: Terminal): Progress {
  let drawn = 0;
  const erase = () => (drawn > 0 ? terminal.out(`\u001b[${drawn}A\u001b[J`) : undefined);
  const cut = (line: string): string => (line.length > 4 * terminal.columns() ? `${line.slice(0, 200)}…` : line);
  return {
    show: (application) => {
      const rows = resourceRows(application);
      const order = [...rows.filter((row) => !settled(row)), ...rows.filter(settled)];
      const cells = order.slice(0, shownRows).map((row) => resourceCells(row, paint).map((cell) => cut(cell)));
      const more = rows.length > shownRows ? dim(`… and ${rows.length - shownRows} more\n`) : '';
      const body = rows.length > 0 ? table(resourceHeadings.slice(0, 7), cells) : '';
      const text = `${cut(headline(application))}\n${body}${more}`;
      erase();
      terminal.out(text);
      drawn = text.split('\n').length - 1;
    },
    end: () => {
      erase();
      drawn = 0;
    },
  };
}

function changeLines(terminal: Terminal): Progress {
  const last = new Map<string, string>();
  const tell = (key: string, line: string): void => {
    if (last.get(key) === line) return;
    last.set(key, line);
    terminal.out(`${terminal.now().toISOString()}  ${line}\n`);
  };
  return {
    show: (application) => {
      for (const row of resourceRows(application)) {
        const { group, kind, namespace, name } = row;
        const cells = resourceCells(row, (status) => status).filter((cell) => cell !== '');
        tell(`${group}/${kind}/${namespace}/${name}`, cells.join('  '));
      }
      tell('', headline(application));
    },
    end: () => {},
  };
}

/** The progress display that suits the terminal; beside standard output where a program reads that. */
export function createProgress(terminal: Terminal, output = 'wide'): Progress {
  if (output === 'json' || output === 'yaml') return changeLines({ ...terminal, out: terminal.err });
  return terminal.interactive ? liveTable(terminal) : changeLines(terminal);
}
