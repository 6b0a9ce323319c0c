/** Columns of equal width: the first to the left, the others to the right. The first line is the header. */
export function table(lines: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...lines.map((line) => [...(line[index] ?? '')].length)),
  );
  const format = (line: readonly string[]) =>
    widths
      .map((width, index) => (index === 0 ? pad(line[index], width).right : pad(line[index], width).left))
      .join('  ')
      .trimEnd();
  const [header, ...rest] = lines;
  if (!header) return '';
  return [format(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rest.map(format)].join('\n');
}

function pad(text = '', width: number): { left: string; right: string } {
  const space = ' '.repeat(Math.max(0, width - [...text].length));
  return { left: space + text, right: text + space };
}
