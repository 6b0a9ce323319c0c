import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fatal } from './fatal.ts';
import { splitWords } from './split-words.ts';

/**
 * Lets the user edit a value as YAML in `$KUBE_EDITOR` or `$EDITOR` (default vi). Undefined where nothing was changed; what was written is
 * kept in a file that the message names when it is no YAML.
 */
export async function editValue(value: unknown): Promise<unknown> {
  const editor = process.env['KUBE_EDITOR'] || process.env['EDITOR'];
  if (!editor && !process.stdin.isTTY) {
    throw new Fatal('there is no terminal for an editor', {
      next: 'set EDITOR to a program that needs none',
      exitCode: 1,
    });
  }
  const { dump, load } = await import('js-yaml');
  const folder = await mkdtemp(join(tmpdir(), 'plumb-edit-'));
  const file = join(folder, 'edit.yaml');
  const before = dump(JSON.parse(JSON.stringify(value)), { lineWidth: -1, noRefs: true });
  await writeFile(file, before, { mode: 0o600 });
  const [program = 'vi', ...args] = splitWords(editor || 'vi');
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, [...args, file], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Fatal(`the editor ${program} ended with ${code}`, { next: 'set EDITOR to another one' });
  const after = await readFile(file, 'utf8');
  let edited: unknown;
  try {
    edited = load(after);
  } catch (error) {
    throw new Fatal(`what you wrote is no YAML: ${error instanceof Error ? error.message : String(error)}`, {
      next: `it is kept in ${file}`,
    });
  }
  await rm(folder, { recursive: true });
  return after === before ? undefined : edited;
}
