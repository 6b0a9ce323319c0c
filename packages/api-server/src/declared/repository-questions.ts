import { createHash, randomUUID } from 'node:crypto';
import { hasCode } from '@plumbline/errors';
import type { RepositoryAccess } from '@plumbline/git';
import {
  repositoryAppsSchema,
  repositoryChartsSchema,
  repositoryRefsSchema,
  repositoryTagsSchema,
} from '@plumbline/protocol';
import type { RenderQueueRequest, RenderQueueResult, RepositoryQuestion, RepositoryType } from '@plumbline/render';
import type { Store } from '@plumbline/store';
import { apiFailure } from '../http/api-failure.ts';

/** What is asked of a repository, for an AppProject. */
export interface RepositoryName {
  repoURL: string;
  project: string;
}

/** How a repository is to be tried. */
export interface RepositoryTrial extends RepositoryName {
  type: RepositoryType;
  enableOCI: boolean;
  /** Not as the settings have it. Travels sealed, beside the queue. */
  access?: RepositoryAccess;
}

/** Asks the repo-servers about repositories. Throws what they say, `DeadlineExceeded` where none answers in time. */
export interface RepositoryQuestions {
  test(trial: RepositoryTrial, signal: AbortSignal): Promise<void>;
  refs(name: RepositoryName, signal: AbortSignal): Promise<{ branches: string[]; tags: string[] }>;
  tags(name: RepositoryName, signal: AbortSignal): Promise<{ tags: string[] }>;
  charts(name: RepositoryName, signal: AbortSignal): Promise<{ items: { name: string; versions: string[] }[] }>;
  apps(
    name: RepositoryName & { revision: string },
    signal: AbortSignal,
  ): Promise<{ items: { type: string; path: string }[] }>;
  close(): Promise<void>;
}

const patienceMs = 60_000;
const accessTtlSeconds = 120;

/** {@link RepositoryQuestions} over the store's queue `render`. Equal questions at one time are asked once. */
export function createRepositoryQuestions(store: Pick<Store, 'queue' | 'sealed'>): RepositoryQuestions {
  const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
  const ask = async (question: RepositoryQuestion, signal: AbortSignal): Promise<object> => {
    const id = createHash('sha256').update(JSON.stringify(question)).digest('hex');
    try {
      return await queue.call(id, question, { timeoutMs: patienceMs, signal });
    } catch (error) {
      if (!hasCode(error, 'STORE_TIMEOUT')) throw error;
      const text = `no repo-server answered within ${patienceMs / 1000} s: is one running?`;
      throw apiFailure('DeadlineExceeded', text, error);
    }
  };
  return {
    async test({ access, ...trial }, signal) {
      const question = { kind: 'repository-test' as const, ...trial };
      if (!access) {
        await ask(question, signal);
        return;
      }
      const accessKey = `repository-test:${randomUUID()}`;
      await store.sealed.set(accessKey, Buffer.from(JSON.stringify(access)), accessTtlSeconds);
      try {
        await ask({ ...question, accessKey }, signal);
      } finally {
        await store.sealed.delete(accessKey);
      }
    },
    refs: async (name, signal) => repositoryRefsSchema.parse(await ask({ kind: 'repository-refs', ...name }, signal)),
    tags: async (name, signal) => repositoryTagsSchema.parse(await ask({ kind: 'repository-tags', ...name }, signal)),
    charts: async (name, signal) => {
      const answer = await ask({ kind: 'repository-charts', ...name }, signal);
      return repositoryChartsSchema.parse({ items: 'charts' in answer ? answer.charts : undefined });
    },
    apps: async (name, signal) => {
      const answer = await ask({ kind: 'repository-apps', ...name }, signal);
      return repositoryAppsSchema.parse({ items: 'apps' in answer ? answer.apps : undefined });
    },
    close: () => queue.close(),
  };
}
