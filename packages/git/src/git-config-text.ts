/** One value of a configuration file, with its section as it is written in a key: `submodule` and a name, or no name. */
interface ConfigValue {
  /** In lower case. */
  section: string;
  subsection: string | undefined;
  /** In lower case. */
  key: string;
  value: string;
}

const header = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/;
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

/** The values of a configuration file of git, in its order. Nothing is included from elsewhere. */
export function parseGitConfig(text: string): ConfigValue[] {
  const values: ConfigValue[] = [];
  let section: { section: string; subsection: string | undefined } | undefined;
  for (const line of text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)) {
    const found = header.exec(line);
    if (found) {
      const [, name = '', quotedName] = found;
      section = { section: name.toLowerCase(), subsection: quotedName?.replaceAll(/\\(.)/g, '$1') };
    }
    const [, key, value = ''] = assignment.exec(found ? line.slice(found[0].length) : line) ?? [];
    if (section && key !== undefined) values.push({ ...section, key: key.toLowerCase(), value: readValue(value) });
  }
  return values;
}
