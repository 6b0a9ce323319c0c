import { chmodSync, unlinkSync } from 'node:fs';
import { shareThread } from '../share-thread.ts';
import { type FolderNotes, isAsNoted, keptFiles, lockedMode } from './folder-notes.ts';
import { type ContentTarget, type Written, writeContent } from './materialise.ts';
import { folderOf } from './paths.ts';
import { type InputPlan, placeOf } from './plan-inputs.ts';
import type { RepositoryView } from './repository-view.ts';

export interface TakeOverTarget extends Omit<ContentTarget, 'kept'> {
  /** Of what lies in `root`, which nobody uses. */
  notes: FolderNotes;
}

/**
 * Makes a folder that holds older inputs of the same source (see `likeness`) hold the planned ones instead, as
 * `materialise` would write them: what is the same stays, all else is unlinked and written anew. Throws `RENDER_TOO_LARGE`, what
 * the system says, and an error where the folder does not hold exactly what was once written there; it is of no use any
 * more then.
 */
export async function takeOver(
  view: RepositoryView,
  plan: InputPlan,
  { root, limits, notes }: TakeOverTarget,
): Promise<Written> {
  const kept = keptFiles(plan, notes);
  if (!(await isAsNoted(root, notes, kept.values()))) throw new Error(`${root} is not as it was written`);
  const gone = [...notes.files.keys()].filter((path) => !kept.has(path)).concat(...notes.links);
  const made = [...plan.files, ...plan.links].map(({ path }) => path).filter((path) => !kept.has(path));
  const changed = new Set([...gone, ...made].map(folderOf));
  const rest = shareThread();
  for (const folder of changed) chmodSync(placeOf(root, folder), 0o755);
  for (const path of gone) {
    unlinkSync(placeOf(root, path));
    await rest();
  }
  const { bytes, files } = await writeContent(view, plan, { root, limits, kept });
  for (const folder of changed) chmodSync(placeOf(root, folder), lockedMode);
  const links = new Set(plan.links.map(({ path }) => path));
  return { bytes, notes: { ...notes, files, links } };
}
