/** One entry of .gitmodules. */
export interface SubmoduleEntry {
  name: string;
  /** Where it lies in the repository that declares it. */
  path: string;
  /** As written: absolute, or relative to the URL of the repository that declares it. */
  url: string;
}

const section = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/;
const assignment = /^\s*([a-z][a-z0-9-]*)\s*=\s*(.*)$/i;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** A value as git reads it: quotes and escapes taken off, comments and blanks around it dropped. */
function readValue(written: string): string {
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let index = 0; index < written.length; index++) {
    const char = written[index] ?? '';
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '#' || char === ';')) break;
    else if (char === '\\') {
      const next = written[++index] ?? '';
      value += escapes[next] ?? next;
    } else value += char;
    if (quoted || !/\s/.test(char)) kept = value.length;
  }
  return value.slice(0, kept);
}

/** Submodules that have a path and a URL, in the file's order; a later value of a key wins. Other settings are ignored. */
export function parseGitmodules(text: string): SubmoduleEntry[] {
  const found = new Map<string, { path?: string; url?: string }>();
  let current: { path?: string; url?: string } | undefined;
  for (const line of text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)) {
    const header = section.exec(line);
    if (header) {
      const [, kind = '', quotedName] = header;
      current = undefined;
      if (kind.toLowerCase() !== 'submodule' || quotedName === undefined) continue;
      const name = quotedName.replaceAll(/\\(.)/g, '$1');
      current = found.get(name) ?? {};
      found.set(name, current);
    }
    const [, key = '', value = ''] = assignment.exec(header ? line.slice(header[0].length) : line) ?? [];
    if (current && key.toLowerCase() === 'path') current.path = readValue(value);
    if (current && key.toLowerCase() === 'url') current.url = readValue(value);
  }
  return [...found].flatMap(([name, { path, url }]) => (path && url ? [{ name, path, url }] : []));
}
