import { join } from 'node:path';
import type { RemoteFiles } from '../../network/remote-files.ts';
import type { WorkFolder } from '../../work-folder.ts';
import { schemaChanges, writeChanges } from './localise-schemas.ts';

export interface GuardSchemas {
  work: WorkFolder;
  /** Where the repository lies. */
  root: string;
  /** Of the chart, from the root. */
  chart: string;
  /** `root` is of this render alone. */
  writable: boolean;
  /** Of this render alone: for schemas by URL. */
  home: string;
  remote: RemoteFiles;
}

/** The folder that Helm may work in. */
export interface GuardedRoot extends AsyncDisposable {
  root: string;
}

const nothing = async (): Promise<void> => {};

/**
 * A folder with the same files in which no `values.schema.json` of the chart, or of charts in it, leads Helm to files of this machine or
 * to addresses that were not judged: the root itself where that holds already. Throws `RENDER_FAILED` where it cannot be had.
 */
export async function guardSchemas({ work, root, chart, writable, home, remote }: GuardSchemas): Promise<GuardedRoot> {
  const folder = join(root, chart);
  const changes = await schemaChanges(folder, { root, remote, folder: home });
  if (changes.length === 0) return { root, [Symbol.asyncDispose]: nothing };
  if (writable) {
    await writeChanges(changes, { from: root, to: root });
    return { root, [Symbol.asyncDispose]: nothing };
  }
  const own = await work.scratch({ path: root, mode: 'link' });
  await writeChanges(changes, { from: root, to: own.path });
  return { root: own.path, [Symbol.asyncDispose]: () => own[Symbol.asyncDispose]() };
}
