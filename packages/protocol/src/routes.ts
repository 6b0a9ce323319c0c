import { applicationSchema, specSchema } from '@plumbline/apis';
import { z } from 'zod';
import { onApplication, type RouteAccess } from './access.ts';
import { accountRoutes } from './accounts/accounts.ts';
import {
  sessionCreateSchema,
  sessionSchema,
  settingsSchema,
  userInfoSchema,
  versionSchema,
} from './accounts/session.ts';
import { settingsProblemsSchema } from './accounts/shown-settings.ts';
import * as app from './applications/applications.ts';
import { linkRoutes } from './applications/links.ts';
import { localFilesRoutes } from './applications/local-files.ts';
import {
  managedResourcesSchema,
  manifestsResponseSchema,
  serverSideDiffRequestSchema,
  serverSideDiffSchema,
} from './applications/managed-resource.ts';
import { operationRoutes } from './applications/plan.ts';
import { resourceTreeSchema } from './applications/resource-tree.ts';
import {
  chartDetailsSchema,
  ociMetadataSchema,
  revisionMetadataSchema,
  revisionQuerySchema,
} from './applications/revision-metadata.ts';
import { declaredRoutes } from './declared/declared-routes.ts';
import { namedThingRoutes } from './declared/named-things.ts';
import { sourceDetailsRoutes } from './declared/source-details.ts';
import { liveRoutes } from './live/live-routes.ts';
import { logRoutes } from './live/logs.ts';
import { projectRoutes } from './projects.ts';

/**
 * One entry of the REST contract. `path` has `{name}` placeholders; `access` says who may use it. A `stream` answers frames
 * `{"result": response}`.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  access: RouteAccess;
  query?: z.ZodType;
  body?: z.ZodType;
  response: z.ZodType;
  stream?: true;
  /** `appNamespace` and `project` may be said in the body, as clients of Argo CD do, instead of in the query. */
  placeInBody?: true;
  /** The body is several JSON values after each other; its schema is that of the array of them. */
  manyValues?: true;
}

const empty = z.object({});
const base = '/api/v1/applications';
const one = `${base}/{name}` as const;
const streams = '/api/v1/stream/applications';

/** Every route by name: the server mounts it, the client calls it (reference §8.2). */
export const routes = {
  login: {
    method: 'POST',
    path: '/api/v1/session',
    access: 'anyone',
    body: sessionCreateSchema,
    response: sessionSchema,
  },
  logout: { method: 'DELETE', path: '/api/v1/session', access: 'anyone', response: empty },
  userInfo: { method: 'GET', path: '/api/v1/session/userinfo', access: 'anyone', response: userInfoSchema },
  version: { method: 'GET', path: '/api/version', access: 'anyone', response: versionSchema },
  settings: { method: 'GET', path: '/api/v1/settings', access: 'anyone', response: settingsSchema },
  settingsProblems: {
    method: 'GET',
    path: '/api/v1/settings/problems',
    // Who may change every account is an administrator.
    access: { resource: 'accounts', action: 'update', object: '*' },
    response: settingsProblemsSchema,
  },
  listApplications: {
    method: 'GET',
    path: base,
    access: { listed: 'applications' },
    query: app.applicationListQuerySchema,
    response: app.applicationListSchema,
  },
  createApplication: {
    method: 'POST',
    path: base,
    access: { own: 'applicationOfBody' },
    query: app.applicationCreateQuerySchema,
    body: app.applicationInputSchema,
    response: applicationSchema,
  },
  getApplication: {
    method: 'GET',
    path: one,
    access: onApplication('get'),
    query: app.applicationGetQuerySchema,
    response: applicationSchema,
  },
  updateApplication: {
    method: 'PUT',
    path: one,
    access: onApplication('update'),
    query: app.applicationUpdateQuerySchema,
    body: app.applicationInputSchema,
    response: applicationSchema,
  },
  updateApplicationSpec: {
    method: 'PUT',
    path: `${one}/spec`,
    access: onApplication('update'),
    query: app.applicationUpdateQuerySchema,
    body: app.applicationSpecInputSchema,
    response: specSchema,
  },
  patchApplication: {
    method: 'PATCH',
    path: one,
    access: onApplication('get', 'update'),
    query: app.applicationQuerySchema,
    body: app.applicationPatchSchema,
    response: applicationSchema,
    placeInBody: true,
  },
  deleteApplication: {
    method: 'DELETE',
    path: one,
    access: onApplication('get', 'delete'),
    query: app.applicationDeleteQuerySchema,
    response: empty,
  },
  syncApplication: {
    method: 'POST',
    path: `${one}/sync`,
    access: { application: ['get', 'sync'], also: 'syncDetails' },
    query: app.syncQuerySchema,
    body: app.syncRequestSchema,
    response: applicationSchema,
    placeInBody: true,
  },
  rollbackApplication: {
    method: 'POST',
    path: `${one}/rollback`,
    access: { application: ['get'], also: 'rollback' },
    query: app.applicationQuerySchema,
    body: app.rollbackRequestSchema,
    response: applicationSchema,
    placeInBody: true,
  },
  ...operationRoutes,
  terminateOperation: {
    method: 'DELETE',
    path: `${one}/operation`,
    access: onApplication('sync'),
    query: app.applicationQuerySchema,
    response: empty,
  },
  resourceTree: {
    method: 'GET',
    path: `${one}/resource-tree`,
    access: onApplication('get'),
    query: app.resourcesQuerySchema,
    response: resourceTreeSchema,
  },
  managedResources: {
    method: 'GET',
    path: `${one}/managed-resources`,
    access: onApplication('get'),
    query: app.resourcesQuerySchema,
    response: managedResourcesSchema,
  },
  serverSideDiff: {
    method: 'POST',
    path: `${one}/server-side-diff`,
    access: onApplication('get'),
    query: app.applicationQuerySchema,
    body: serverSideDiffRequestSchema,
    response: serverSideDiffSchema,
  },
  serverSideDiffOfQuery: {
    method: 'GET',
    path: `${one}/server-side-diff`,
    access: onApplication('get'),
    query: app.serverSideDiffQuerySchema,
    response: serverSideDiffSchema,
  },
  manifests: {
    method: 'GET',
    path: `${one}/manifests`,
    access: onApplication('get'),
    query: app.manifestsQuerySchema,
    response: manifestsResponseSchema,
  },
  ...liveRoutes,
  revisionMetadata: {
    method: 'GET',
    path: `${one}/revisions/{revision}/metadata`,
    access: onApplication('get'),
    query: revisionQuerySchema,
    response: revisionMetadataSchema,
  },
  chartDetails: {
    method: 'GET',
    path: `${one}/revisions/{revision}/chartdetails`,
    access: onApplication('get'),
    query: revisionQuerySchema,
    response: chartDetailsSchema,
  },
  ociMetadata: {
    method: 'GET',
    path: `${one}/revisions/{revision}/ocimetadata`,
    access: onApplication('get'),
    query: revisionQuerySchema,
    response: ociMetadataSchema,
  },
  ...declaredRoutes,
  ...localFilesRoutes,
  ...logRoutes,
  ...namedThingRoutes,
  ...linkRoutes,
  ...accountRoutes,
  ...projectRoutes,
  ...sourceDetailsRoutes,
  watchApplications: {
    method: 'GET',
    path: streams,
    access: { listed: 'applications' },
    query: app.applicationListQuerySchema,
    response: app.applicationWatchEventSchema,
    stream: true,
  },
  watchResourceTree: {
    method: 'GET',
    path: `${streams}/{name}/resource-tree`,
    access: onApplication('get'),
    query: app.resourcesQuerySchema,
    response: resourceTreeSchema,
    stream: true,
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
/** Routes that answer once. */
export type CallName = { [N in RouteName]: Routes[N] extends { stream: true } ? never : N }[RouteName];
/** Routes that answer a stream of frames. */
export type StreamName = Exclude<RouteName, CallName>;

/** Names of the placeholders of a path. */
export type ParamNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** Path parameters of a route. */
export type Params<N extends RouteName> = Record<ParamNames<Routes[N]['path']>, string>;
/** Query as a server reads it. */
export type Query<N extends RouteName> = Routes[N] extends { query: infer Q extends z.ZodType }
  ? z.output<Q>
  : undefined;
/** Body as a server reads it. */
export type Body<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType } ? z.output<B> : undefined;
/** Query as a client gives it. */
export type QueryInput<N extends RouteName> = Routes[N] extends { query: infer Q extends z.ZodType }
  ? z.input<Q>
  : undefined;
/** Body as a client gives it. */
export type BodyInput<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : undefined;
/** Answer, or one frame's result of a stream. */
export type Answer<N extends RouteName> = z.output<Routes[N]['response']>;
