import { z } from 'zod';
import { ownSettingsSchema, publicSettingsSchema } from './shown-settings.ts';

/** Log-in of a local account. The bounds keep the password check from being a way to burn CPU. */
export const sessionCreateSchema = z.object({
  username: z.string().max(256).default(''),
  password: z.string().max(1024).default(''),
});

/** The token, which is also set as the cookie {@link sessionCookie}. */
export const sessionSchema = z.object({ token: z.string() });

/** Who the caller is. Only `loggedIn: false` where no valid token came. */
export const userInfoSchema = z.object({
  loggedIn: z.boolean(),
  username: z.string().optional(),
  iss: z.string().optional(),
  groups: z.array(z.string()).optional(),
});
export type UserInfo = z.infer<typeof userInfoSchema>;

/** Name of the cookie that carries the token for browsers. */
export const sessionCookie = 'argocd.token';

/**
 * `Version` for everyone, the rest for callers with a session. Servers of ours have no `GoVersion`, `KubectlVersion` and
 * `ExtraBuildInfo`: they use neither Go nor kubectl.
 */
export const versionSchema = z.object({
  Version: z.string(),
  BuildDate: z.string().optional(),
  GitCommit: z.string().optional(),
  GitTag: z.string().optional(),
  GitTreeState: z.string().optional(),
  GoVersion: z.string().optional(),
  NodeVersion: z.string().optional(),
  Compiler: z.string().optional(),
  Platform: z.string().optional(),
  KustomizeVersion: z.string().optional(),
  HelmVersion: z.string().optional(),
  KubectlVersion: z.string().optional(),
  JsonnetVersion: z.string().optional(),
  ExtraBuildInfo: z.string().optional(),
});
export type VersionInfo = z.infer<typeof versionSchema>;

/** The settings a client needs; what a stranger may not know is absent for a stranger. */
export const settingsSchema = z.object({
  url: z.string(),
  appLabelKey: z.string(),
  trackingMethod: z.string().optional(),
  userLoginsDisabled: z.boolean(),
  /** The identity provider, as far as a client must know it to log in. */
  oidcConfig: z
    .object({
      name: z.string(),
      issuer: z.string(),
      clientID: z.string(),
      cliClientID: z.string().optional(),
      scopes: z.array(z.string()),
      enablePKCEAuthentication: z.boolean(),
    })
    .optional(),
  /** dex, which is at `<url>/api/dex`: its connectors. */
  dexConfig: z.object({ connectors: z.array(z.object({ name: z.string(), type: z.string() })) }).optional(),
  controllerNamespace: z.string().optional(),
  ...publicSettingsSchema.partial().shape,
  ...ownSettingsSchema.partial().shape,
});
export type ServerSettings = z.infer<typeof settingsSchema>;
