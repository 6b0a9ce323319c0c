import { z } from 'zod';
import type { Route } from '../routes.ts';

const seconds = z.coerce.number().int().nonnegative();
const empty = z.object({});
const base = '/api/v1/account';

/** A local account; never with anything of its password. Times in seconds since 1970, `expiresAt` 0 or absent is never. */
export const accountSchema = z.object({
  name: z.string(),
  enabled: z.boolean(),
  capabilities: z.array(z.string()),
  tokens: z.array(z.object({ id: z.string(), issuedAt: z.number(), expiresAt: z.number().optional() })).optional(),
});
export type AccountView = z.infer<typeof accountSchema>;

/** Change of a password. `name` empty: the caller's own. */
export const passwordChangeSchema = z.object({
  name: z.string().max(256).nullish(),
  currentPassword: z.string().max(1024).nullish(),
  newPassword: z.string().max(1024),
});

/** A new token. `expiresIn` in seconds, 0 is never; without an id it gets one. */
export const tokenRequestSchema = z.object({
  id: z.string().max(256).nullish(),
  expiresIn: seconds.nullish(),
  description: z.string().max(1024).nullish(),
});
export type TokenRequestBody = z.infer<typeof tokenRequestSchema>;

export const tokenSchema = z.object({ token: z.string() });

/** Routes of local accounts (reference §8.2). */
export const accountRoutes = {
  listAccounts: {
    method: 'GET',
    path: base,
    access: { listed: 'accounts' },
    response: z.object({ items: z.array(accountSchema) }),
  },
  changePassword: {
    method: 'PUT',
    path: `${base}/password`,
    access: { own: 'ownAccount' },
    body: passwordChangeSchema,
    response: empty,
  },
  canI: {
    method: 'GET',
    path: `${base}/can-i/{resource}/{action}/{subresource}`,
    access: 'callers',
    response: z.object({ value: z.enum(['yes', 'no']) }),
  },
  getAccount: { method: 'GET', path: `${base}/{name}`, access: { own: 'ownAccount' }, response: accountSchema },
  createAccountToken: {
    method: 'POST',
    path: `${base}/{name}/token`,
    access: { own: 'ownAccount' },
    body: tokenRequestSchema,
    response: tokenSchema,
  },
  deleteAccountToken: {
    method: 'DELETE',
    path: `${base}/{name}/token/{id}`,
    access: { own: 'ownAccount' },
    response: empty,
  },
} as const satisfies Record<string, Route>;
