import { hasCode, PlumblineError } from '@plumbline/errors';
import { joinApiVersion, type KubeObject, parseJson } from '@plumbline/manifests';
import type { Call } from '../transport/call.ts';
import type { Transport } from '../transport/transport.ts';
import type { ApiResource, ListOptions } from '../types.ts';
import { collectionPath, query } from './paths.ts';

const pageSize = 500;
/** An expired continue token starts the list again, this often. */
const restarts = 3;

interface ListRequest extends ListOptions {
  namespace?: string | undefined;
  retry: Call['retry'];
  accept?: string;
}

interface ListAnswer {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: (Omit<KubeObject, 'apiVersion' | 'kind'> & { apiVersion?: string; kind?: string })[] | null;
}

/** Receives a list page by page, so that a long one is never whole in memory. */
export interface PageSink {
  /** The list starts, or starts again because it expired: forget the pages so far. */
  onStart(): void;
  onPage(items: KubeObject[]): void;
}

/** Lists all pages. Resolves with the list's resourceVersion. */
export async function listPages(
  transport: Transport,
  resource: ApiResource,
  { sink, ...request }: ListRequest & { sink: PageSink },
): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    sink.onStart();
    try {
      return await readPages(transport, resource, { sink, ...request });
    } catch (error) {
      if (!hasCode(error, 'KUBE_GONE') || attempt >= restarts) throw error;
    }
  }
}

async function readPages(
  transport: Transport,
  resource: ApiResource,
  {
    sink,
    namespace,
    labelSelector,
    fieldSelector,
    limit = pageSize,
    signal,
    retry,
    accept,
  }: ListRequest & { sink: PageSink },
): Promise<string> {
  const apiVersion = joinApiVersion(resource.group, resource.version);
  const { kind } = resource;
  let next: string | undefined;
  for (;;) {
    const path = collectionPath(resource, namespace) + query({ limit, continue: next, labelSelector, fieldSelector });
    const answer = await transport.send({
      verb: 'list',
      method: 'GET',
      path,
      signal,
      retry,
      ...(accept ? { accept } : {}),
    });
    const { metadata, items } = parseJson(answer.text) as ListAnswer;
    // Items of a list carry neither apiVersion nor kind.
    sink.onPage((items ?? []).map((item) => ({ ...item, apiVersion, kind }) as KubeObject));
    next = metadata?.continue || undefined;
    if (next === undefined) return versionOf(metadata?.resourceVersion, path);
  }
}

function versionOf(resourceVersion: string | undefined, path: string): string {
  if (resourceVersion) return resourceVersion;
  throw new PlumblineError('KUBE_ERROR', `the list ${path} has no resourceVersion`);
}
