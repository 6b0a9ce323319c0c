/** Annotation keys of our own on Applications and AppProjects; Argo CD does not know them. */
export const ownAnnotations = {
  /** How much one operation may delete without an approval: `none`, `10`, `50%`, `10,50%` (the larger one counts). */
  deletionBudget: 'plumbline.dev/deletion-budget',
  /** The same over a time, for all operations together: `30,100%/1h`. */
  deletionBudgetWindow: 'plumbline.dev/deletion-budget-window',
  /** How much the deletion of an Application may take with it; without one the deletion is its own approval. */
  cascadeBudget: 'plumbline.dev/cascade-budget',
  /** The digest of the deletions that may go beyond the budget. */
  deletionApproved: 'plumbline.dev/deletion-approved',
  /** Who gave the approval, where it came through the API. */
  deletionApprovedBy: 'plumbline.dev/deletion-approved-by',
  /** Written by the controller: what was deleted lately without an approval, so that a restart does not forget it. */
  recentDeletions: 'plumbline.dev/recent-deletions',
  /** Written by the controller: who did what in the last operations, and by which plan; JSON, the newest last. */
  operations: 'plumbline.dev/operations',
  /** Written by the controller: what these operations did to single objects, as far as there is room; JSON. */
  writes: 'plumbline.dev/writes',
  /** Written by the controller while an operation prunes: `<attempt>=<waves>`, so that a restart keeps their order. */
  pruneWaves: 'plumbline.dev/prune-waves',
  /** Revisions that automation leaves out, after a rollback; JSON. */
  skipRevisions: 'plumbline.dev/skip-revisions',
  /** Applications that must be Synced and Healthy before this one is synced; names, separated by commas. */
  dependsOn: 'plumbline.dev/depends-on',
  /** `false`: a newer revision waits for a running operation, whatever becomes of it. */
  supersede: 'plumbline.dev/supersede',
  /** How long hindrances may hold the deletion of an Application up, a duration; `0` is for ever. */
  deletionTimeout: 'plumbline.dev/deletion-timeout',
  /** The trace that asked for a refresh or an operation, as a W3C traceparent; the controller takes it off. */
  traceparent: 'plumbline.dev/traceparent',
  /** On a hook object: of which run it is, so that no older object is taken for it. */
  hookRun: 'plumbline.dev/hook-run',
} as const;
