import type { Terminal } from '../terminal.ts';
import { printData } from './print-data.ts';
import { table } from './table.ts';

/** `url` and `server` are Argo CD's words for the names of repositories and clusters. */
export type ListFormat = 'wide' | 'name' | 'json' | 'yaml' | 'url' | 'server';

/** How items of one kind are listed. */
export interface Listing<T> {
  headings: string[];
  row(item: T): string[];
  name(item: T): string;
}

/** Writes one item: as data it stands for itself. */
export async function printOne<T>(
  terminal: Terminal,
  item: T,
  listing: Listing<T> & { format: ListFormat },
): Promise<void> {
  const { format } = listing;
  return format === 'json' || format === 'yaml'
    ? printData(terminal, format, item)
    : printList(terminal, [item], listing);
}

/** Writes a list in the format that the user asked for. */
export async function printList<T>(
  terminal: Terminal,
  items: readonly T[],
  { format, headings, row, name }: Listing<T> & { format: ListFormat },
): Promise<void> {
  switch (format) {
    case 'json':
    case 'yaml':
      return printData(terminal, format, items);
    case 'name':
    case 'url':
    case 'server':
      for (const item of items) terminal.out(`${name(item)}\n`);
      return;
    case 'wide':
      terminal.out(table(headings, items.map(row)));
  }
}
