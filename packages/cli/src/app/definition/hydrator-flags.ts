import type { ApplicationSpec } from '@plumbline/apis';
import type { Command } from 'commander';

/** Flags about rendering into a branch that is synced (reference §1.2, sourceHydrator). */
export interface HydratorFlags {
  drySourceRepo?: string;
  drySourcePath?: string;
  drySourceRevision?: string;
  syncSourceBranch?: string;
  syncSourcePath?: string;
  hydrateToBranch?: string;
}

/** Adds the flags. */
export const hydratorFlags = (command: Command): Command =>
  command
    .option('--dry-source-repo <url>', 'hydrator: repository that is rendered')
    .option('--dry-source-path <folder>', 'hydrator: folder that is rendered')
    .option('--dry-source-revision <revision>', 'hydrator: revision that is rendered')
    .option('--sync-source-branch <name>', 'hydrator: branch with what was rendered, which is synced')
    .option('--sync-source-path <folder>', 'hydrator: folder in that branch')
    .option('--hydrate-to-branch <name>', 'hydrator: branch that is written to instead');

/** The spec with what the flags say about the hydrator; it takes the place of the source. */
export function withHydratorFlags(spec: ApplicationSpec, flags: HydratorFlags): ApplicationSpec {
  const given = [
    ...[flags.drySourceRepo, flags.drySourcePath, flags.drySourceRevision],
    ...[flags.syncSourceBranch, flags.syncSourcePath, flags.hydrateToBranch],
  ];
  if (given.every((value) => value === undefined)) return spec;
  const before = spec.sourceHydrator;
  const { source: _, ...rest } = spec;
  const to = flags.hydrateToBranch ?? before?.hydrateTo?.targetBranch;
  return {
    ...rest,
    sourceHydrator: {
      ...before,
      drySource: {
        ...before?.drySource,
        repoURL: flags.drySourceRepo ?? before?.drySource.repoURL ?? '',
        path: flags.drySourcePath ?? before?.drySource.path ?? '',
        targetRevision: flags.drySourceRevision ?? before?.drySource.targetRevision ?? 'HEAD',
      },
      syncSource: {
        ...before?.syncSource,
        targetBranch: flags.syncSourceBranch ?? before?.syncSource.targetBranch ?? '',
        path: flags.syncSourcePath ?? before?.syncSource.path ?? '',
      },
      ...(to ? { hydrateTo: { targetBranch: to } } : {}),
    },
  };
}
