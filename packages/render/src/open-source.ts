import type { ApplicationSource } from '@plumbline/apis';
import type { ObjectReader } from '@plumbline/git';
import { buildEnvironment } from './build-environment.ts';
import { openRepository } from './repository/repository-view.ts';
import { guardSymlinks } from './repository/symlinks.ts';
import { findSourceFolder } from './source-folder.ts';
import { mergeOverrides } from './source-overrides.ts';
import type { SourceAtRevision } from './type-renderer.ts';
import type { RenderContext, RenderSurroundings } from './types.ts';

/** A source, and where it is read. */
export interface SourceAt {
  reader: ObjectReader;
  revision: string;
  source: ApplicationSource;
  context: RenderContext;
  surroundings: RenderSurroundings;
}

/** Opens sources of repositories without symlinks that leave them, with their overrides merged in. */
export function sourceOpener(): (where: SourceAt) => Promise<SourceAtRevision> {
  const symlinks = guardSymlinks();
  return async ({ reader, revision, source, context, surroundings }) => {
    const view = await openRepository(reader, revision);
    await symlinks.check(view);
    const folder = await findSourceFolder(view, source);
    const effective = await mergeOverrides(view, folder.path, { source, appName: context.appName });
    const environment = buildEnvironment(source, revision, context);
    return { view, folder, source: effective, environment, context, surroundings };
  };
}

/** As {@link sourceOpener}, for a source that was traced: judged already, and with its overrides in it. */
export async function openTraced({
  reader,
  revision,
  source,
  context,
  surroundings,
}: SourceAt): Promise<SourceAtRevision> {
  const view = await openRepository(reader, revision);
  const folder = await findSourceFolder(view, source);
  const environment = buildEnvironment(source, revision, context);
  return { view, folder, source, environment, context, surroundings };
}
