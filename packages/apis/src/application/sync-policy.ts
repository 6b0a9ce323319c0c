import type { z } from 'zod';
import { flag, open, text, textMap, texts, whole } from '../fields.ts';

const automated = open(
  {
    enabled: flag('Default true; false switches automation off and keeps the block.').optional(),
    prune: flag('Delete objects that are no longer in the source. Default false.').optional(),
    selfHeal: flag('Sync also when the live state drifts. Default false.').optional(),
    allowEmpty: flag('Allow automation to delete everything. Default false.').optional(),
  },
  'Sync automatically.',
);
export type SyncPolicyAutomated = z.infer<typeof automated>;

const backoff = open(
  {
    duration: text('First delay: Go duration or seconds. Default 5s.').optional(),
    factor: whole('Growth of the delay per try. Default 2.').optional(),
    maxDuration: text('Longest delay. Default 3m.').optional(),
  },
  'Delays between tries.',
);

/** How a failed sync is tried again (reference §1.3). */
export const retrySchema = open(
  {
    limit: whole('Number of tries after the first; negative is without end. Default 0.').optional(),
    backoff: backoff.optional(),
    refresh: flag('Resolve the revision again for each try.').optional(),
  },
  'How a failed sync is tried again.',
);
export type RetryStrategy = z.infer<typeof retrySchema>;

/** Labels and annotations for the namespace that CreateNamespace makes. */
export const managedNamespaceMetadataSchema = open(
  {
    labels: textMap('Labels of the namespace.').optional(),
    annotations: textMap('Annotations of the namespace.').optional(),
  },
  'Metadata of the namespace made by CreateNamespace=true.',
);
export type ManagedNamespaceMetadata = z.infer<typeof managedNamespaceMetadataSchema>;

/** When and how to sync (reference §1.3). */
export const syncPolicySchema = open(
  {
    automated: automated.optional(),
    syncOptions: texts('Options such as CreateNamespace=true.').optional(),
    retry: retrySchema.optional(),
    managedNamespaceMetadata: managedNamespaceMetadataSchema.optional(),
  },
  'When and how to sync.',
);
export type SyncPolicy = z.infer<typeof syncPolicySchema>;
