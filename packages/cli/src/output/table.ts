import { stripVTControlCharacters } from 'node:util';

/** Length of a text on the screen: colours take no room. */
function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Rows under headings, columns two blanks apart, the last one unpadded. Ends with a newline. */
export function table(headings: string[], rows: string[][]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  const line = (row: string[]): string =>
    headings
      .map((_, column) => {
        const text = row[column] ?? '';
        return text + ' '.repeat((widths[column] ?? 0) - width(text));
      })
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}
