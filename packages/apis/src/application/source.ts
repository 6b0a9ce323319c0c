import type { z } from 'zod';
import { list, open, text } from '../fields.ts';
import { directorySchema } from './directory.ts';
import { helmSchema } from './helm.ts';
import { kustomizeSchema } from './kustomize.ts';
import { pluginSchema } from './plugin.ts';

const toolOptions = {
  helm: helmSchema.optional(),
  kustomize: kustomizeSchema.optional(),
  directory: directorySchema.optional(),
  plugin: pluginSchema.optional(),
};

/** Where manifests come from (reference §1.2). At most one of helm, kustomize, directory, plugin. */
export const sourceSchema = open(
  {
    repoURL: text('URL of a Git repository, Helm repository or OCI artifact (oci://).'),
    path: text('Folder in the repository.').optional(),
    targetRevision: text(
      'Git: branch, tag, commit or version range over tags; empty is HEAD. Helm: version or range. OCI: tag, digest or range.',
    ).optional(),
    chart: text('Name of a Helm chart in a Helm repository.').optional(),
    ref: text('Name by which values files of sibling sources reach this repository ($ref/…).').optional(),
    name: text('Name of the source, for people and command lines.').optional(),
    tagPrefix: text('Only tags with this prefix take part in a version range.').optional(),
    ...toolOptions,
  },
  'Where manifests come from.',
);
export type ApplicationSource = z.infer<typeof sourceSchema>;

/** `sources`. */
export const sourcesSchema = list(sourceSchema, 'Several sources, rendered together.');

const drySource = open(
  {
    repoURL: text('URL of the Git repository.'),
    targetRevision: text('Branch, tag or commit.'),
    path: text('Folder in the repository.'),
    ...toolOptions,
  },
  'Unrendered configuration.',
);

const syncSource = open(
  {
    targetBranch: text('Branch that rendered manifests are synced from.'),
    path: text('Folder in that branch; not the root.').meta({ minLength: 1, pattern: '^.{2,}|[^./]$' }),
    repoURL: text('Repository of the branch; default: that of drySource.').optional(),
  },
  'Rendered manifests, which the Application syncs from.',
);

/** Rendered-manifest branches (reference §1.2, sourceHydrator). */
export const sourceHydratorSchema = open(
  {
    drySource,
    syncSource,
    hydrateTo: open(
      { targetBranch: text('Branch that rendered manifests are pushed to instead of the sync branch.') },
      'A staging branch.',
    ).optional(),
  },
  'Renders configuration into a branch and syncs from that branch; wins over source and sources.',
);
export type SourceHydrator = z.infer<typeof sourceHydratorSchema>;
