import type { Express } from 'express';
import type { ApplicationCache } from './applications/application-cache.ts';
import { mountBadge } from './badge/badge-route.ts';
import { mountDeclared } from './declared/mount-declared.ts';
import { createRepositoryQuestions } from './declared/repository-questions.ts';
import { mountDocs } from './docs/docs-routes.ts';
import type { Mount } from './http/mount.ts';
import type { OpenStreams } from './http/open-streams.ts';
import { mountLinks } from './links/link-routes.ts';
import type { LiveParts } from './live/live-parts.ts';
import { mountLogs } from './logs/log-routes.ts';
import { createPluginNames, mountNamedThings } from './named-things/named-things.ts';
import type { ProjectCache } from './projects/project-cache.ts';
import type { ApiServerParts } from './server.ts';
import { createSourceDescriptions, mountSourceDetails } from './source-details/source-details.ts';
import { createWebhookQueue, type WebhookQueue } from './webhook/webhook-queue.ts';
import { mountWebhook } from './webhook/webhook-route.ts';

/** What the server has when it mounts its routes. */
export interface ServerState {
  cache: ApplicationCache;
  now: () => Date;
  live: LiveParts;
  projects: ProjectCache;
  streams: OpenStreams;
}

/** Routes that stand beside those of Applications and sessions, with the connections that they hold. */
export interface RouteModules {
  /** What is no part of the protocol: other bodies, and callers that have no token. */
  mountOpen(app: Express, state: Pick<ServerState, 'cache'>): void;
  mount(mount: Mount, state: ServerState): void;
  close(): Promise<void>;
}

export function createRouteModules(parts: ApiServerParts): RouteModules {
  const questions = createRepositoryQuestions(parts.store);
  let webhooks: WebhookQueue | undefined;
  const descriptions = createSourceDescriptions(parts.store);
  const plugins = createPluginNames(parts.store);
  return {
    mountOpen(app, { cache }) {
      const settings = () => parts.declared.api().webhook;
      webhooks = createWebhookQueue({ ...parts, cache, settings });
      mountWebhook(app, { ...parts, queue: webhooks, settings });
      mountBadge(app, { ...parts, cache, enabled: () => parts.declared.api().badge.enabled });
      mountDocs(app, { version: parts.version.Version });
    },
    mount(mount, state) {
      mountDeclared(mount, { ...parts, ...state, questions });
      mountLinks(mount, { ...parts, ...state, links: () => parts.declared.api().links });
      mountLogs(mount, { ...state, maxPods: () => parts.declared.api().maxPodLogs });
      mountSourceDetails(mount, { ...parts, ...state, descriptions });
      mountNamedThings(mount, { ...parts, plugins });
    },
    async close() {
      await webhooks?.close();
      await Promise.all([questions.close(), descriptions.close(), plugins.close()]);
    },
  };
}
