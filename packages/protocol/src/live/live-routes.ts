import { z } from 'zod';
import { onApplication } from '../access.ts';
import { applicationQuerySchema } from '../applications/applications.ts';
import type { Route } from '../routes.ts';
import * as live from './live-resource.ts';
import * as action from './resource-action.ts';

const empty = z.object({});
const one = '/api/v1/applications/{name}' as const;

/** Routes of single live objects of an Application, their actions and events (reference §8.2). */
export const liveRoutes = {
  getResource: {
    method: 'GET',
    path: `${one}/resource`,
    access: onApplication('get'),
    query: live.liveResourceQuerySchema,
    response: live.liveResourceSchema,
  },
  patchResource: {
    method: 'POST',
    path: `${one}/resource`,
    access: { own: 'liveObject' },
    query: live.liveResourcePatchQuerySchema,
    body: live.liveResourcePatchSchema,
    response: live.liveResourceSchema,
  },
  deleteResource: {
    method: 'DELETE',
    path: `${one}/resource`,
    access: { own: 'liveObject' },
    query: live.liveResourceDeleteQuerySchema,
    response: empty,
  },
  listResourceActions: {
    method: 'GET',
    path: `${one}/resource/actions`,
    access: onApplication('get'),
    query: live.liveResourceQuerySchema,
    response: action.resourceActionsSchema,
  },
  runNamedResourceAction: {
    method: 'POST',
    path: `${one}/resource/actions`,
    access: { own: 'liveObject' },
    query: live.liveResourceQuerySchema,
    body: action.resourceActionNameSchema,
    response: empty,
  },
  runResourceAction: {
    method: 'POST',
    path: `${one}/resource/actions/v2`,
    access: { own: 'liveObject' },
    query: applicationQuerySchema,
    body: action.resourceActionRunSchema,
    response: empty,
    placeInBody: true,
  },
  listEvents: {
    method: 'GET',
    path: `${one}/events`,
    access: onApplication('get'),
    query: live.eventsQuerySchema,
    response: live.eventListSchema,
  },
} as const satisfies Record<string, Route>;
