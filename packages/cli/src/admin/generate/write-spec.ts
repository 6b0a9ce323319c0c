import { writeFile } from 'node:fs/promises';
import { Fatal } from '../../fatal.ts';
import type { Terminal } from '../../terminal.ts';

export interface SpecOutput {
  output: 'yaml' | 'json';
  /** Write back to the file that was read. */
  inline?: boolean;
  file?: string;
}

/** Prints a declaration, or writes it back to the file that it came from. */
export async function writeSpec(terminal: Terminal, object: unknown, options: SpecOutput): Promise<void> {
  const plain: unknown = JSON.parse(JSON.stringify(object));
  const { dump } = await import('js-yaml');
  const text =
    options.output === 'json' ? `${JSON.stringify(plain, null, 2)}\n` : dump(plain, { lineWidth: -1, noRefs: true });
  if (!options.inline) return terminal.out(text);
  if (!options.file || options.file === '-' || /^https?:/i.test(options.file)) {
    throw new Fatal('--inline writes back to a file of this machine', { next: 'name it with --file', exitCode: 1 });
  }
  await writeFile(options.file, text);
}
