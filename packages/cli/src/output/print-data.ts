import type { Terminal } from '../terminal.ts';

export type OutputFormat = 'wide' | 'name' | 'json' | 'yaml' | 'tree';

/** Writes a value as JSON or YAML. */
export async function printData(terminal: Terminal, format: 'json' | 'yaml', value: unknown): Promise<void> {
  if (format === 'json') {
    terminal.out(`${JSON.stringify(value, null, 2)}\n`);
    return;
  }
  const { dump } = await import('js-yaml');
  // Through JSON, so that members that are undefined do not become YAML.
  terminal.out(dump(JSON.parse(JSON.stringify(value)), { lineWidth: -1, noRefs: true }));
}
