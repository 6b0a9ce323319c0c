import { z } from 'zod';
import type { Route } from '../routes.ts';

const names = z.array(z.object({ name: z.string() }));
const notifications = '/api/v1/notifications' as const;

/** Routes that name what is configured, and tell no more of it (reference §8.2). */
export const namedThingRoutes = {
  settingsPlugins: {
    method: 'GET',
    path: '/api/v1/settings/plugins',
    access: 'callers',
    response: z.object({ plugins: names }),
  },
  notificationTriggers: {
    method: 'GET',
    path: `${notifications}/triggers`,
    access: 'callers',
    response: z.object({ items: names }),
  },
  notificationServices: {
    method: 'GET',
    path: `${notifications}/services`,
    access: 'callers',
    response: z.object({ items: names }),
  },
  notificationTemplates: {
    method: 'GET',
    path: `${notifications}/templates`,
    access: 'callers',
    response: z.object({ items: names }),
  },
} as const satisfies Record<string, Route>;
