import { applicationApiVersion, appProjectSchema } from '@plumbline/apis';
import { z } from 'zod';
import { onProject } from './access.ts';
import { tokenRequestSchema, tokenSchema } from './accounts/accounts.ts';
import { eventListSchema } from './live/live-resource.ts';
import type { Route } from './routes.ts';
import { flag, text } from './wire/query.ts';
import { projectNumbers, withNumbers, withoutServerMetadata } from './wire/wire-numbers.ts';

const empty = z.object({});
const base = '/api/v1/projects';
const one = `${base}/{name}` as const;

/** Clients leave apiVersion, kind and an empty spec out. */
const projectInputSchema = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null) return value;
  const spec = 'spec' in value && value.spec ? value.spec : {};
  const project = withoutServerMetadata({ ...value, apiVersion: applicationApiVersion, kind: 'AppProject', spec });
  return withNumbers(project, projectNumbers);
}, appProjectSchema);

export const projectCreateSchema = z.object({ project: projectInputSchema, upsert: flag.nullish() });
export const projectUpdateSchema = z.object({ project: projectInputSchema });

const projectListSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().optional() }),
  items: z.array(appProjectSchema),
});

/** A repository or cluster of a project: what it is, never how to get in. */
const scopedRepositorySchema = z.object({
  repo: z.string(),
  type: z.string(),
  name: z.string().optional(),
  project: z.string(),
});
const scopedClusterSchema = z.object({
  server: z.string(),
  name: z.string(),
  namespaces: z.array(z.string()).optional(),
  project: z.string(),
});

const detailedProjectSchema = z.object({
  project: appProjectSchema,
  globalProjects: z.array(appProjectSchema),
  repositories: z.array(scopedRepositorySchema),
  clusters: z.array(scopedClusterSchema),
});
export type DetailedProject = z.infer<typeof detailedProjectSchema>;

const windowsSchema = z.object({ windows: z.array(z.looseObject({})) });

/** Routes of AppProjects (reference §8.2). */
export const projectRoutes = {
  listProjects: {
    method: 'GET',
    path: base,
    access: { listed: 'projects' },
    query: z.object({ name: text.optional() }),
    response: projectListSchema,
  },
  createProject: {
    method: 'POST',
    path: base,
    access: { own: 'projectOfBody' },
    body: projectCreateSchema,
    response: appProjectSchema,
  },
  getProject: { method: 'GET', path: one, access: onProject('get'), response: appProjectSchema },
  updateProject: {
    method: 'PUT',
    path: one,
    access: { ...onProject('update'), also: 'widening' },
    body: projectUpdateSchema,
    response: appProjectSchema,
  },
  deleteProject: { method: 'DELETE', path: one, access: onProject('delete'), response: empty },
  detailedProject: {
    method: 'GET',
    path: `${one}/detailed`,
    access: onProject('get'),
    response: detailedProjectSchema,
  },
  globalProjects: {
    method: 'GET',
    path: `${one}/globalprojects`,
    access: onProject('get'),
    response: z.object({ items: z.array(appProjectSchema) }),
  },
  projectEvents: { method: 'GET', path: `${one}/events`, access: onProject('get'), response: eventListSchema },
  projectSyncWindows: { method: 'GET', path: `${one}/syncwindows`, access: onProject('get'), response: windowsSchema },
  createRoleToken: {
    method: 'POST',
    path: `${one}/roles/{role}/token`,
    access: { own: 'roleTokens' },
    body: tokenRequestSchema,
    response: tokenSchema,
  },
  deleteRoleToken: {
    method: 'DELETE',
    path: `${one}/roles/{role}/token/{iat}`,
    access: { own: 'roleTokens' },
    query: z.object({ id: text.optional() }),
    response: empty,
  },
} as const satisfies Record<string, Route>;
