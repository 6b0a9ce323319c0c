import { join } from 'node:path';
import type { RemoteFiles } from '../network/remote-files.ts';
import { openRepository } from '../repository/repository-view.ts';
import type { RenderKit, SourceAtRevision } from '../type-renderer.ts';
import type { TracedInput } from '../types.ts';
import type { HeldFolder } from '../work-folder.ts';
import { writeTracedValues } from './remote-values.ts';
import type { ValueFile } from './value-files.ts';

/** Files of other sources and of URLs, where Helm can open them, until they are released. */
export interface HeldFiles extends AsyncDisposable {
  /** @param root where the source's own repository lies. */
  locate(file: ValueFile, root: string): string;
  /** Turns paths of these folders into what the options say. */
  readable(text: string): string;
}

export interface HoldOptions {
  inputs: readonly TracedInput[];
  valueFiles: readonly ValueFile[];
  /** For what is downloaded. */
  folder: string;
  remote: RemoteFiles;
}

async function holdSibling(
  kit: RenderKit,
  at: SourceAtRevision,
  { from, inputs }: { from: string; inputs: readonly TracedInput[] },
): Promise<HeldFolder> {
  const sibling = at.surroundings.refs?.get(from);
  if (!sibling) throw new Error(`the source ${from} was traced, and is gone`);
  const view = await openRepository(await sibling.open(), sibling.revision);
  const own = inputs.filter((input) => input.from === from).map(({ path, oid }) => ({ path, oid }));
  return kit.work.hold(view, own);
}

/** Brings the files that options name elsewhere than in the source's own repository to this machine. */
export async function holdFiles(kit: RenderKit, at: SourceAtRevision, options: HoldOptions): Promise<HeldFiles> {
  await using held = new AsyncDisposableStack();
  const roots = new Map<string, string>();
  for (const from of new Set(options.inputs.flatMap((input) => input.from ?? []))) {
    if (!at.surroundings.refs?.has(from)) continue;
    roots.set(from, held.use(await holdSibling(kit, at, { from, inputs: options.inputs })).path);
  }
  const downloads = new Map<string, string>();
  for (const file of options.valueFiles) {
    if (file.kind !== 'url' || downloads.has(file.url)) continue;
    const { folder, remote } = options;
    const name = `remote-values-${downloads.size}.yaml`;
    downloads.set(file.url, await writeTracedValues(file.url, options.inputs, { remote, folder, name }));
  }
  const kept = held.move();
  return {
    locate(file, root) {
      if (file.kind === 'url') return downloads.get(file.url) ?? file.url;
      return join(file.from === undefined ? root : (roots.get(file.from) ?? root), file.path);
    },
    readable: (text) =>
      [...roots].reduce((readable, [from, root]) => readable.replaceAll(`${root}/`, `$${from}/`), text),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
