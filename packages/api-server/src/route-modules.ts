import type { ApplicationCache } from './applications/application-cache.ts';
import { mountDeclared } from './declared/mount-declared.ts';
import { createRepositoryQuestions } from './declared/repository-questions.ts';
import type { Mount } from './http/mount.ts';
import type { ApiServerParts } from './server.ts';
import { createSourceDescriptions, mountSourceDetails } from './source-details/source-details.ts';

/** What the server has when it mounts its routes. */
export interface ServerState {
  cache: ApplicationCache;
  now: () => Date;
}

/** Routes that stand beside those of Applications and sessions, with the connections that they hold. */
export interface RouteModules {
  mount(mount: Mount, state: ServerState): void;
  close(): Promise<void>;
}

export function createRouteModules(parts: ApiServerParts): RouteModules {
  const questions = createRepositoryQuestions(parts.store);
  const descriptions = createSourceDescriptions(parts.store);
  return {
    mount(mount, state) {
      mountDeclared(mount, { ...parts, ...state, questions });
      mountSourceDetails(mount, { ...parts, ...state, descriptions });
    },
    async close() {
      await Promise.all([questions.close(), descriptions.close()]);
    },
  };
}
