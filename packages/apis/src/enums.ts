/** Closed sets of words of reference §1.5, best to worst where there is an order. */

export const syncStatusCodes = ['Unknown', 'Synced', 'OutOfSync'] as const;
export type SyncStatusCode = (typeof syncStatusCodes)[number];

/** Best to worst. */
export const healthStatusCodes = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;
export type HealthStatusCode = (typeof healthStatusCodes)[number];

export const operationPhases = ['Running', 'Terminating', 'Failed', 'Error', 'Succeeded'] as const;
export type OperationPhase = (typeof operationPhases)[number];

/** Operation phases after which nothing more happens. */
export const completedOperationPhases = ['Failed', 'Error', 'Succeeded'] as const satisfies readonly OperationPhase[];

export const resultCodes = ['Synced', 'SyncFailed', 'Pruned', 'PruneSkipped'] as const;
export type ResultCode = (typeof resultCodes)[number];

/** In order of execution; SyncFail runs in place of what is left. */
export const syncPhases = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;
export type SyncPhase = (typeof syncPhases)[number];

export const hookTypes = [...syncPhases, 'Skip', 'PreDelete', 'PostDelete'] as const;
export type HookType = (typeof hookTypes)[number];

export const hookDeletePolicies = ['HookSucceeded', 'HookFailed', 'BeforeHookCreation'] as const;
export type HookDeletePolicy = (typeof hookDeletePolicies)[number];

export const sourceTypes = ['Helm', 'Kustomize', 'Directory', 'Plugin'] as const;
export type ApplicationSourceType = (typeof sourceTypes)[number];

export const hydratePhases = ['Hydrating', 'Hydrated', 'Failed'] as const;
export type HydratePhase = (typeof hydratePhases)[number];

export const refreshTypes = ['normal', 'hard'] as const;
export type RefreshType = (typeof refreshTypes)[number];

/** Condition types; those that end in `Error` are errors, the others warnings. */
export const conditionTypes = {
  deletionError: 'DeletionError',
  invalidSpecError: 'InvalidSpecError',
  comparisonError: 'ComparisonError',
  syncError: 'SyncError',
  unknownError: 'UnknownError',
  sharedResourceWarning: 'SharedResourceWarning',
  repeatedResourceWarning: 'RepeatedResourceWarning',
  excludedResourceWarning: 'ExcludedResourceWarning',
  orphanedResourceWarning: 'OrphanedResourceWarning',
} as const;
export type ConditionType = (typeof conditionTypes)[keyof typeof conditionTypes];

/** Whether a condition type stands for an error (reference §1.5: the suffix decides). */
export function isErrorCondition(type: string): boolean {
  return type.endsWith('Error');
}
