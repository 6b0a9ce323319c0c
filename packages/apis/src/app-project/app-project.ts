import { z } from 'zod';
import { flag, list, open, text, texts, whole } from '../fields.ts';
import { objectMetaSchema } from '../object-meta.ts';
import {
  clusterResourceSchema,
  destinationServiceAccountSchema,
  groupKindSchema,
  orphanedResourcesSchema,
  projectDestinationSchema,
  signatureKeySchema,
  sourceIntegritySchema,
} from './rules.ts';

const jwtToken = open(
  {
    iat: whole('Time of issue, seconds since 1970.'),
    exp: whole('Time of expiry, seconds since 1970; 0 is never.').optional(),
    id: text('Id of the token.').optional(),
  },
  'Facts on a token of a role; not the token.',
);
export type JwtToken = z.infer<typeof jwtToken>;

const role = open(
  {
    name: text('Name.'),
    description: text('For people.').optional(),
    policies: texts('Policy lines: p, proj:P:R, resource, action, P/object, allow or deny.').optional(),
    groups: texts('Groups of the identity provider that have the role.').optional(),
    jwtTokens: list(jwtToken, 'Tokens issued for the role.').optional(),
  },
  'A role in the project.',
);
export type ProjectRole = z.infer<typeof role>;

const syncWindow = open(
  {
    kind: text('allow or deny.').optional(),
    schedule: text('Start: cron with five fields.').optional(),
    duration: text('Length: Go duration.').optional(),
    timeZone: text('Time zone of the schedule. Default UTC.').optional(),
    applications: texts('Globs of Application names.').optional(),
    namespaces: texts('Globs of destination namespaces.').optional(),
    clusters: texts('Globs of destination clusters, by server or name.').optional(),
    andOperator: flag('All three lists must match, not just one.').optional(),
    manualSync: flag('Manual syncs are allowed although the window forbids automated ones.').optional(),
    syncOverrun: flag('A sync that runs when the window closes may go on.').optional(),
    description: text('For people.').optional(),
  },
  'A time in which syncs are allowed or forbidden.',
);
export type SyncWindow = z.infer<typeof syncWindow>;

const spec = open(
  {
    description: text('For people.').optional(),
    sourceRepos: texts('Globs of repository URLs; ! forbids. Empty allows none.').optional(),
    sourceNamespaces: texts(
      'Globs of namespaces Applications may live in besides the control-plane namespace.',
    ).optional(),
    destinations: list(projectDestinationSchema, 'Where Applications may deploy to. Empty allows none.').optional(),
    clusterResourceWhitelist: list(
      clusterResourceSchema,
      'Cluster-scoped kinds that are allowed. Empty allows none.',
    ).optional(),
    clusterResourceBlacklist: list(clusterResourceSchema, 'Cluster-scoped kinds that are forbidden.').optional(),
    namespaceResourceWhitelist: list(
      groupKindSchema,
      'Namespaced kinds that are allowed. Absent allows all, an empty list none.',
    ).optional(),
    namespaceResourceBlacklist: list(groupKindSchema, 'Namespaced kinds that are forbidden.').optional(),
    roles: list(role, 'Roles.').optional(),
    syncWindows: list(syncWindow, 'Times in which syncs are allowed or forbidden.').optional(),
    orphanedResources: orphanedResourcesSchema.optional(),
    signatureKeys: list(signatureKeySchema, 'Keys that commits must be signed with.').optional(),
    sourceIntegrity: sourceIntegritySchema.optional(),
    permitOnlyProjectScopedClusters: flag('Only clusters whose Secret names the project are allowed.').optional(),
    destinationServiceAccounts: list(
      destinationServiceAccountSchema,
      'Service accounts to act as; the first match counts.',
    ).optional(),
  },
  'What the Applications of the project may do.',
);
export type AppProjectSpec = z.infer<typeof spec>;

const status = open(
  {
    jwtTokensByRole: z
      .record(z.string(), open({ items: list(jwtToken, 'Tokens.').optional() }, 'Tokens of one role.'))
      .describe('Tokens by role.')
      .optional(),
  },
  'State of the project.',
);

/** A set of limits for Applications (reference §9.2). */
export const appProjectSchema = open(
  {
    apiVersion: z.literal('argoproj.io/v1alpha1'),
    kind: z.literal('AppProject'),
    metadata: objectMetaSchema,
    spec,
    status: status.optional(),
  },
  'Limits for a group of Applications.',
);
export type AppProject = z.infer<typeof appProjectSchema>;
