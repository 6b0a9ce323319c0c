/** An `import`, `importstr` or `importbin` of a Jsonnet program. */
export interface JsonnetImport {
  /** The literal, unescaped; undefined where it is written in a way that has no business in a path. */
  path: string | undefined;
}

const importWords = new Set(['import', 'importstr', 'importbin']);
/** What separates tokens; strings, so that nothing in them is taken for code; words; any other character. */
const token =
  /(?<space>\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<block>\|\|\|-?)|(?<verbatim>@'(?:[^']|'')*'|@"(?:[^"]|"")*")|(?<quoted>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<word>[A-Za-z_]\w*)|[\s\S]/gy;

/** The end of a text block whose `|||` ends at `start`: the first less indented line that begins with `|||`. */
function endOfBlock(text: string, start: number): number {
  const firstLine = /[ \t\r]*\n(?:[ \t\r]*\n)*([ \t]+)/y;
  firstLine.lastIndex = start;
  const indentation = firstLine.exec(text)?.[1];
  if (indentation === undefined) return text.length;
  let line = text.indexOf('\n', start) + 1;
  while (line > 0 && line < text.length) {
    const end = text.indexOf('\n', line);
    const content = text.slice(line, end < 0 ? text.length : end);
    if (content.trim() !== '' && !content.startsWith(indentation)) {
      const closing = content.indexOf('|||');
      return closing < 0 ? text.length : line + closing + 3;
    }
    if (end < 0) break;
    line = end + 1;
  }
  return text.length;
}

function unquote(groups: Record<string, string | undefined>): string | undefined {
  const { verbatim, quoted } = groups;
  if (verbatim !== undefined) return verbatim.slice(2, -1).replaceAll(verbatim[1]?.repeat(2) ?? '', verbatim[1] ?? '');
  return quoted?.includes('\\') ? undefined : quoted?.slice(1, -1);
}

/** Every import of a program. The language allows literals only, so that these are all the files it can read. */
export function jsonnetImports(text: string): JsonnetImport[] {
  const imports: JsonnetImport[] = [];
  let expecting = false;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const groups = match.groups ?? {};
    if (groups['space'] !== undefined) continue;
    if (expecting && (groups['verbatim'] ?? groups['quoted']) !== undefined) imports.push({ path: unquote(groups) });
    else if (expecting) imports.push({ path: undefined });
    expecting = groups['word'] !== undefined && importWords.has(groups['word']);
    if (groups['block'] !== undefined) token.lastIndex = endOfBlock(text, token.lastIndex);
  }
  return imports;
}
