/** One setting, as `http.proxy`, and its value. */
export type GitSetting = readonly [key: string, value: string];

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t' };

/** A value, or the name of a subsection, as it is written in a configuration file. */
export function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"\n\t]/g, (character) => escapes[character] ?? character)}"`;
}

/** The text of a configuration file of git with these settings. */
export function gitConfigText(settings: readonly GitSetting[]): string {
  return settings
    .map(([key, value]) => {
      const [section = '', name = ''] = key.split('.');
      return `[${section}]\n\t${name} = ${quoted(value)}\n`;
    })
    .join('');
}
