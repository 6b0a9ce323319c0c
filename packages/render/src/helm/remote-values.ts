import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { guardedFetch, publicUrl } from '../network/guarded-fetch.ts';

/** Value files are small; Kubernetes objects end at 1.5 MiB. */
const maxBytes = 10 * 1024 * 1024;
const timeoutMs = 30_000;

/**
 * Downloads a value file into a folder and gives its path. Throws `RENDER_FAILED` naming the URL, without credentials in it.
 *
 * @param name of the file.
 */
export async function fetchValueFile(
  url: string,
  {
    folder,
    name,
    schemes,
    signal,
  }: { folder: string; name: string; schemes: readonly string[]; signal: AbortSignal | undefined },
): Promise<string> {
  const path = join(folder, name);
  try {
    const { body } = await guardedFetch(url, { maxBytes, timeoutMs, schemes, signal });
    await writeFile(path, body, { mode: 0o600 });
    return path;
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    const named = error.message.includes(publicUrl(url)) ? '' : ` ${publicUrl(url)}`;
    throw new PlumblineError('RENDER_FAILED', `value file${named}: ${error.message}`, {
      cause: error,
      retry: error.retry,
      hint: hasCode(error, 'DOWNLOAD_FORBIDDEN')
        ? 'put the file into a Git repository'
        : 'check that the URL can be read without signing in',
    });
  }
}
