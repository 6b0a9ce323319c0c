/** Annotation keys (reference §1.7). */
export const annotations = {
  // On resources.
  syncWave: 'argocd.argoproj.io/sync-wave',
  hook: 'argocd.argoproj.io/hook',
  hookDeletePolicy: 'argocd.argoproj.io/hook-delete-policy',
  syncOptions: 'argocd.argoproj.io/sync-options',
  compareOptions: 'argocd.argoproj.io/compare-options',
  trackingId: 'argocd.argoproj.io/tracking-id',
  installationId: 'argocd.argoproj.io/installation-id',
  ignoreHealthcheck: 'argocd.argoproj.io/ignore-healthcheck',
  ignoreResourceUpdates: 'argocd.argoproj.io/ignore-resource-updates',
  ignoreRestartPolicy: 'argocd.argoproj.io/ignore-restart-policy',
  ignoreDefaultLinks: 'argocd.argoproj.io/ignore-default-links',
  managedBy: 'managed-by',
  // On Applications.
  refresh: 'argocd.argoproj.io/refresh',
  refreshTimestamp: 'argocd.argoproj.io/refresh-timestamp',
  hydrate: 'argocd.argoproj.io/hydrate',
  hydrateTimestamp: 'argocd.argoproj.io/hydrate-timestamp',
  manifestGeneratePaths: 'argocd.argoproj.io/manifest-generate-paths',
  skipReconcile: 'argocd.argoproj.io/skip-reconcile',
  deletionApproved: 'argocd.argoproj.io/deletion-approved',
  clientSideApplyMigrationManager: 'argocd.argoproj.io/client-side-apply-migration-manager',
  managedByUrl: 'argocd.argoproj.io/managed-by-url',
  notified: 'notified.notifications.argoproj.io',
  notificationSubscriptions: 'notifications.argoproj.io/subscriptions',
  // On ApplicationSets.
  applicationSetRefresh: 'argocd.argoproj.io/application-set-refresh',
  // Of Helm, on resources.
  helmHook: 'helm.sh/hook',
  helmHookWeight: 'helm.sh/hook-weight',
  helmHookDeletePolicy: 'helm.sh/hook-delete-policy',
  helmResourcePolicy: 'helm.sh/resource-policy',
  // Of kubectl.
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
} as const;

/** Prefixes of annotations whose rest is free. */
export const annotationPrefixes = {
  link: 'link.argocd.argoproj.io/',
  notificationSubscribe: 'notifications.argoproj.io/subscribe.',
} as const;

/** Label keys (reference §1.7, §10). */
export const labels = {
  secretType: 'argocd.argoproj.io/secret-type',
  autoLabelClusterInfo: 'argocd.argoproj.io/auto-label-cluster-info',
  kubernetesVersion: 'argocd.argoproj.io/kubernetes-version',
  partOf: 'app.kubernetes.io/part-of',
  /** Default of `application.instanceLabelKey`. */
  instance: 'app.kubernetes.io/instance',
  legacyAppName: 'applications.argoproj.io/app-name',
} as const;

/** Values of the label `secretType`. */
export const secretTypes = {
  repository: 'repository',
  repositoryWrite: 'repository-write',
  repoCreds: 'repo-creds',
  repoWriteCreds: 'repo-write-creds',
  cluster: 'cluster',
  scmCreds: 'scm-creds',
} as const;

/** Finalizers (reference §1.6). */
export const finalizers = {
  /** Cascade delete; foreground. */
  resources: 'resources-finalizer.argocd.argoproj.io',
  resourcesForeground: 'resources-finalizer.argocd.argoproj.io/foreground',
  resourcesBackground: 'resources-finalizer.argocd.argoproj.io/background',
  preDelete: 'pre-delete-finalizer.argocd.argoproj.io',
  preDeleteCleanup: 'pre-delete-finalizer.argocd.argoproj.io/cleanup',
  postDelete: 'post-delete-finalizer.argocd.argoproj.io',
  postDeleteCleanup: 'post-delete-finalizer.argocd.argoproj.io/cleanup',
  /** On hook objects: keeps them until their result has been read. */
  hook: 'argocd.argoproj.io/hook-finalizer',
} as const;

export const applicationGroup = 'argoproj.io';
export const applicationApiVersion = 'argoproj.io/v1alpha1';

/** Name of the AppProject of Applications that name none. */
export const defaultProject = 'default';
