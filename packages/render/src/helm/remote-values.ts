import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { publicUrl } from '../network/guarded-fetch.ts';
import type { RemoteFiles } from '../network/remote-files.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import type { TracedInput } from '../types.ts';
import type { ValueFile } from './value-files.ts';

/** Where inputs come from that a URL serves; no `ref` can have this name. */
const origin = 'url:';

/** Names a URL for people, and tells it from others that look the same without their credentials. */
function keyOf(url: string): string {
  return `${publicUrl(url)} ${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
}

function failed(url: string, error: unknown): unknown {
  if (!(error instanceof PlumblineError)) return error;
  const named = error.message.includes(publicUrl(url)) ? '' : ` ${publicUrl(url)}`;
  return new PlumblineError('RENDER_FAILED', `value file${named}: ${error.message}`, {
    cause: error,
    retry: error.retry,
    hint: hasCode(error, 'DOWNLOAD_FORBIDDEN')
      ? 'put the file into a Git repository'
      : 'check that the URL can be read without signing in',
  });
}

/**
 * Asks for value files by URL and records what they are now as inputs. Throws `RENDER_FAILED` naming the URL, without
 * credentials in it.
 *
 * @param options.fresh ask the server even if it was asked a moment ago.
 * @returns whether there are such files.
 */
export async function traceRemoteValues(
  inputs: InputRecorder,
  files: readonly ValueFile[],
  { remote, fresh }: { remote: RemoteFiles; fresh: boolean },
): Promise<boolean> {
  const urls = new Set(files.flatMap((file) => (file.kind === 'url' ? [file.url] : [])));
  for (const url of urls) {
    const { digest } = await remote.get(url, { fresh }).catch((error: unknown) => Promise.reject(failed(url, error)));
    inputs.addForeign({ from: origin, path: keyOf(url), oid: digest });
  }
  return urls.size > 0;
}

/** Writes exactly what was traced of a URL to a file. Throws `RENDER_FAILED`, transient where the URL serves another content by now. */
export async function writeTracedValues(
  url: string,
  inputs: readonly TracedInput[],
  { remote, folder, name }: { remote: RemoteFiles; folder: string; name: string },
): Promise<string> {
  const traced = inputs.find(({ from, path }) => from === origin && path === keyOf(url));
  const body = traced?.oid
    ? await remote.read(url, traced.oid).catch((error: unknown) => Promise.reject(failed(url, error)))
    : undefined;
  if (!body) {
    throw new PlumblineError('RENDER_FAILED', `value file ${publicUrl(url)} has changed since it was traced`, {
      retry: 'transient',
      hint: 'it is traced again with the next attempt',
    });
  }
  const path = join(folder, name);
  await writeFile(path, body, { mode: 0o600 });
  return path;
}
