import type { z } from 'zod';
import { flag, list, open, text, texts } from '../fields.ts';

/** A place an Application may deploy to. Members are globs; a leading `!` forbids. */
export const projectDestinationSchema = open(
  {
    server: text('Glob of API server URLs; ! forbids.').optional(),
    name: text('Glob of cluster names; ! forbids.').optional(),
    namespace: text('Glob of namespaces; ! forbids.').optional(),
  },
  'A cluster and namespace.',
);
export type AppProjectDestination = z.infer<typeof projectDestinationSchema>;

const groupKindShape = {
  group: text('API group, as a pattern; empty is the core group.'),
  kind: text('Kind, as a pattern.'),
};

/** A group and kind with `*` patterns, as the namespaced lists hold them. */
export const groupKindSchema = open(groupKindShape, 'A group and kind.');
export type GroupKindRule = z.infer<typeof groupKindSchema>;

/** A group and kind with `*` patterns and optionally a name, as the cluster-scoped lists hold them. */
export const clusterResourceSchema = open(
  { ...groupKindShape, name: text('Name, as a pattern; empty is any.').optional() },
  'A group, kind and name.',
);
export type ClusterResourceRule = z.infer<typeof clusterResourceSchema>;

/** Which unmanaged objects to tell about. */
export const orphanedResourcesSchema = open(
  {
    warn: flag('Add a condition to Applications in a namespace with unmanaged objects.').optional(),
    ignore: list(
      open(
        {
          group: text('Pattern of API groups.').optional(),
          kind: text('Pattern of kinds.').optional(),
          name: text('Pattern of names.').optional(),
        },
        'Objects that do not count.',
      ),
      'Objects that do not count.',
    ).optional(),
  },
  'Watch for objects in the destination namespaces that belong to no Application.',
);
export type OrphanedResources = z.infer<typeof orphanedResourcesSchema>;

/** Which account applies what goes to a destination. */
export const destinationServiceAccountSchema = open(
  {
    server: text('Glob of API server URLs.'),
    namespace: text('Glob of namespaces.').optional(),
    defaultServiceAccount: text('Service account: name, or namespace:name.'),
  },
  'Service account to act as for a destination.',
);
export type DestinationServiceAccount = z.infer<typeof destinationServiceAccountSchema>;

/** A GnuPG key that commits must be signed with. */
export const signatureKeySchema = open({ keyID: text('Key id, hexadecimal.') }, 'A signing key.');

const gitPolicy = open(
  {
    repos: list(
      open({ url: text('Glob of repository URLs; ! excludes.') }, 'Repositories.'),
      'Repositories it is for.',
    ),
    gpg: open(
      {
        mode: text('none, head (the commit or tag itself) or strict (its history too).'),
        keys: texts('Ids of accepted keys.'),
      },
      'Signatures by GnuPG.',
    ),
  },
  'What to check for some repositories.',
);

/** How sources are verified (reference §7.9). */
export const sourceIntegritySchema = open(
  { git: open({ policies: list(gitPolicy, 'Policies.') }, 'For Git repositories.') },
  'How sources are verified.',
);
export type SourceIntegrity = z.infer<typeof sourceIntegritySchema>;
