import { z } from 'zod';
import { onApplication, onProject } from '../access.ts';
import { liveResourceQuerySchema } from '../live/live-resource.ts';
import { applicationQuerySchema } from './applications.ts';

/** Links to other places about something, made of the templates in argocd-cm. */
const linksSchema = z.object({
  items: z.array(
    z.object({
      title: z.string(),
      url: z.string(),
      description: z.string().optional(),
      iconClass: z.string().optional(),
    }),
  ),
});
export type Links = z.output<typeof linksSchema>;

const one = '/api/v1/applications/{name}';

export const linkRoutes = {
  applicationLinks: {
    method: 'GET',
    path: `${one}/links`,
    access: onApplication('get'),
    query: applicationQuerySchema,
    response: linksSchema,
  },
  resourceLinks: {
    method: 'GET',
    path: `${one}/resource/links`,
    access: onApplication('get'),
    query: liveResourceQuerySchema,
    response: linksSchema,
  },
  projectLinks: {
    method: 'GET',
    path: '/api/v1/projects/{name}/links',
    access: onProject('get'),
    response: linksSchema,
  },
} as const;
