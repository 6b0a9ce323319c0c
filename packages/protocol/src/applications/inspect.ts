import type { ApplicationSpec, Operation, ResourceStatus } from '@plumbline/apis';
import type { ManagedResources, ManifestsResponse } from './managed-resource.ts';
import type { OperationPlan } from './plan.ts';
import type { ResourceTree } from './resource-tree.ts';

/**
 * What the API server asks an application-controller, as a work item of the queue {@link inspectQueue}. Identifiers only:
 * the answer never crosses the queue, it lies sealed in the store under the key of {@link InspectResult}.
 */
export type InspectRequest =
  | (InspectTarget & { kind: 'tree' })
  | (InspectTarget & { kind: 'managed-resources' })
  | (InspectTarget & {
      kind: 'server-side-diff';
      /** Key in `store.sealed` of a JSON list of manifests, each a text; absent = the source's own. */
      manifests?: string;
    })
  | (InspectTarget & {
      kind: 'plan';
      /** Without manifests of its own; absent = the running operation, else an automated one. */
      operation?: Operation;
    })
  | (InspectTarget & { kind: 'health' })
  | (InspectTarget & {
      kind: 'manifests';
      /** As the user wrote it; absent = the Application's own targetRevision. */
      revision?: string;
      /** One for each of several sources. */
      revisions?: string[];
      /** Render again instead of taking a cached set. */
      noCache?: boolean;
      /** An archive in the sealed cache to render instead of the repository. */
      files?: { key: string; checksum: string };
    })
  | (InspectTarget & {
      kind: 'validate';
      /** Of an Application that is to be stored under that name: whether its sources can be rendered. */
      spec: ApplicationSpec;
    });

/** Namespace and name of the Application. */
interface InspectTarget {
  namespace: string;
  name: string;
}

/**
 * The key in `store.sealed` whose value is the UTF-8 JSON of {@link InspectPayload} for the request's kind. It stays
 * readable for at least a minute after the answer. Errors reach the caller as `PlumblineError`s: RENDER_* and GIT_* for
 * what the source does wrong, `INSPECT_NOT_FOUND` where the controller has no such Application, transient ones for
 * what may work a moment later.
 */
export interface InspectResult {
  key: string;
}

/** What the sealed value holds, by kind. Secret values are masked by the controller before it writes them. */
export interface InspectPayload {
  tree: ResourceTree;
  'managed-resources': ManagedResources;
  'server-side-diff': ManagedResources;
  plan: OperationPlan;
  /** Of the Application's own objects, where they have one. */
  health: ResourceHealth[];
  manifests: ManifestsResponse;
  /** Nothing: a source that cannot be rendered is an error. */
  validate: Record<string, never>;
}

/** The health of one object of an Application. */
export interface ResourceHealth {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  health: NonNullable<ResourceStatus['health']>;
}

/** Name of the work queue between API server and application-controller. */
export const inspectQueue = 'inspect';
