/** An `import`, `importstr` or `importbin` of a Jsonnet program. */
export interface JsonnetImport {
  /** The literal, unescaped; undefined where it is written in a way that has no business in a path. */
  path: string | undefined;
}

const importWords = new Set(['import', 'importstr', 'importbin']);
/** What separates tokens; strings, so that nothing in them is taken for code; numbers; words; any
 * other character. */
const token =
  /(?<space>\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<block>\|\|\|-?)|(?<verbatim>@'(?:[^']|'')*'|@"(?:[^"]|"")*")|(?<quoted>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|(?<word>[A-Za-z_]\w*)|[\s\S]/gy;

/**
 * The end of a text block whose `|||` ends at `start`, exactly as the interpreter finds it: its indentation is that of the
 * first line that is not empty (a line of spaces is not), and the first line that is not empty and has another one ends it.
 */
function endOfBlock(text: string, start: number): number {
  const opening = /[ \t\r]*\n+([ \t]+)/y;
  opening.lastIndex = start;
  const indentation = opening.exec(text)?.[1];
  // What follows is no Jsonnet then, nor is it where the block does not end in bars.
  if (indentation === undefined) return start;
  let line = opening.lastIndex - indentation.length;
  while (text.startsWith(indentation, line)) {
    const end = text.indexOf('\n', line);
    if (end < 0) return text.length;
    line = end + 1;
    while (text[line] === '\n') line += 1;
  }
  const closing = /[ \t]*\|\|\|/y;
  closing.lastIndex = line;
  return closing.test(text) ? closing.lastIndex : line;
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
