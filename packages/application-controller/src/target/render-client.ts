import { createHash, randomUUID } from 'node:crypto';
import type { ApplicationSource } from '@plumbline/apis';
import { stringifyJson } from '@plumbline/manifests';
import type {
  RenderQueueRequest,
  RenderQueueResult,
  RenderRequest,
  RenderResult,
  ResolveRequest,
  ResolveResult,
} from '@plumbline/render';
import type { WorkQueue } from '@plumbline/store';
import { TrailingFlight } from './trailing-flight.ts';

/** What the controller asks of the repo-servers. Errors are those of `git` and `render`, with their codes. */
export interface RenderClient {
  /** Resolves a source's targetRevision against the remote as it is now, or later than now. */
  resolve(source: ApplicationSource, project: string, options?: { fresh?: boolean }): Promise<ResolveResult>;
  /** Renders a source at a resolved revision; equal requests at one time are rendered once in the fleet. */
  render(request: Omit<RenderRequest, 'kind'>): Promise<RenderResult>;
}

export interface RenderClientOptions {
  queue: WorkQueue<RenderQueueRequest, RenderQueueResult>;
  /** For one render, queueing included; default 3 min. */
  renderTimeoutMs?: number;
  /** Default 60 s. */
  resolveTimeoutMs?: number;
}

/** A {@link RenderClient} over the queue `render`. */
export function createRenderClient(options: RenderClientOptions): RenderClient {
  const { queue, renderTimeoutMs = 180_000, resolveTimeoutMs = 60_000 } = options;
  const instance = randomUUID();
  let sequence = 0;
  const looks = new TrailingFlight<ResolveResult>();
  return {
    resolve: (source, project, { fresh = false } = {}) => {
      const request: ResolveRequest = {
        kind: 'resolve',
        repoURL: source.repoURL,
        project,
        targetRevision: source.targetRevision ?? '',
        ...(source.chart ? { chart: source.chart } : {}),
        ...(source.helm?.passCredentials ? { passCredentials: true } : {}),
        ...(source.tagPrefix ? { tagPrefix: source.tagPrefix } : {}),
        ...(fresh ? { fresh } : {}),
      };
      const id = `resolve-${contentKey(request)}`;
      return looks.join(id, async () => {
        sequence += 1;
        const call = queue.call(`${id}-${instance}-${sequence}`, request, { timeoutMs: resolveTimeoutMs });
        return (await call) as ResolveResult;
      });
    },
    render: async (request) => {
      const full: RenderRequest = { kind: 'render', ...request };
      sequence += 1;
      const id = `render-${contentKey(full)}${request.noCache ? `-${instance}-${sequence}` : ''}`;
      return (await queue.call(id, full, { timeoutMs: renderTimeoutMs })) as RenderResult;
    },
  };
}

function contentKey(value: unknown): string {
  return createHash('sha256').update(stringifyJson(value)).digest('base64url').slice(0, 32);
}
