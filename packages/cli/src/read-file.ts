import { readFile } from 'node:fs/promises';
import { errorMessage } from '@plumbline/errors';
import { Fatal } from './fatal.ts';

/** The text of a file that an option names; `-` is standard input. Undefined where the option is not given. */
export async function fileOf(path: string | undefined, what: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    if (path !== '-') return await readFile(path, 'utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw new Fatal(`cannot read the ${what} ${path}: ${errorMessage(error)}`, { exitCode: 1 });
  }
}
