import { z } from 'zod';

/** What everybody may know, logged in or not: the log-in page shows it. */
export const publicSettingsSchema = z.object({
  statusBadgeEnabled: z.boolean(),
  statusBadgeRootUrl: z.string().optional(),
  googleAnalytics: z.object({ trackingID: z.string().optional(), anonymizeUsers: z.boolean() }),
  help: z.object({
    chatUrl: z.string().optional(),
    chatText: z.string().optional(),
    binaryUrls: z.record(z.string(), z.string()),
  }),
  uiCssURL: z.string().optional(),
  uiBannerContent: z.string().optional(),
  uiBannerURL: z.string().optional(),
  uiBannerPermanent: z.boolean(),
  uiBannerPosition: z.string().optional(),
  passwordPattern: z.string(),
  execEnabled: z.boolean(),
  appsInAnyNamespaceEnabled: z.boolean(),
  kustomizeVersions: z.array(z.string()),
});
export type PublicSettings = z.output<typeof publicSettingsSchema>;

/** A rule for a kind, as YAML or Lua. */
const resourceOverrideSchema = z.object({
  'health.lua': z.string().optional(),
  actions: z.string().optional(),
  ignoreDifferences: z.string().optional(),
});

/** What only callers with a session are told beside that. */
export const ownSettingsSchema = z.object({
  impersonationEnabled: z.boolean(),
  installationID: z.string().optional(),
  /** Flags of `kustomize build`, with blanks between. */
  kustomizeOptions: z.object({ buildOptions: z.string() }).optional(),
  /** By `group/Kind`, with globs. */
  resourceOverrides: z.record(z.string(), resourceOverrideSchema),
});
export type OwnSettings = z.output<typeof ownSettingsSchema>;

/** Settings that cannot be used, or that nobody knows. */
export const settingsProblemsSchema = z.object({
  items: z.array(
    z.object({
      /** For example `ConfigMap argocd-cm`. */
      object: z.string(),
      key: z.string(),
      /** In the value, from 1. */
      line: z.number().optional(),
      message: z.string(),
    }),
  ),
});
export type SettingsProblems = z.output<typeof settingsProblemsSchema>;
