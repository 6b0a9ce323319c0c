import { createHash } from 'node:crypto';
import { resourceProblem } from '@plumbline/access';
import { type Application, applicationApiVersion, type Operation } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { type HideOptions, hideDigests, stringifyJson } from '@plumbline/manifests';
import {
  type InspectPayload,
  type InspectRequest,
  type InspectResult,
  inspectQueue,
  type ManagedResources,
  type ManifestsResponse,
  type OperationPlan,
  type ResourceHealth,
  type ResourceTree,
} from '@plumbline/protocol';
import type { Store, Worker } from '@plumbline/store';
import type { ResourceState } from '../compare/compare-state.ts';
import { orphansOf } from '../compare/orphans.ts';
import type { Pass } from '../pass.ts';
import type { LocalFiles, TargetState } from '../target/target-state.ts';
import { managedResources } from './managed-resources.ts';
import { resourceHealth } from './resource-health.ts';
import { type Permits, resourceTree } from './resource-tree.ts';

export interface InspectOptions {
  store: Store;
  /**
   * A pass over the Application that goes as far as its comparison and writes nothing. Undefined: no such Application.
   * For manifests it ends when the destination is known.
   */
  look(key: string, until: 'destination' | 'comparison'): Promise<Pass | undefined>;
  /** A pass over an Application that is not stored yet, up to its destination. */
  probe(app: Application): Promise<Pass>;
  /** Renders the Application's sources at a revision as the user wrote it. */
  render(
    pass: Pass,
    request: { revision?: string; revisions?: readonly string[]; noCache?: boolean; files?: LocalFiles },
  ): Promise<TargetState>;
  /** Compares manifests that a caller has sent with what is live. */
  compare(pass: Pass, manifests: readonly string[]): Promise<ResourceState[]>;
  /** The plan of an operation as it would run now, after a look up to the comparison. */
  plan(pass: Pass, operation: Operation | undefined): Promise<OperationPlan>;
  concurrency: number;
  /** What of Secrets is hidden besides their values, now. */
  hide(): HideOptions;
}

const answerTtlSeconds = 120;

/**
 * Answers what the API server asks about Applications (queue `inspect`). The answer lies sealed in the store; trees and
 * comparisons are made when they are asked for, so that a reconcile costs nothing for those who do not look.
 */
export function startInspectWorker(options: InspectOptions): Worker {
  const { store } = options;
  return store.worker<InspectRequest, InspectResult>(
    inspectQueue,
    async (request, { id }) => {
      const payload = await answer(request, options);
      const key = `inspect:${createHash('sha256').update(id).digest('base64url')}`;
      await store.sealed.set(key, Buffer.from(stringifyJson(payload)), answerTtlSeconds);
      return { key };
    },
    { concurrency: options.concurrency },
  );
}

async function answer(
  request: InspectRequest,
  options: InspectOptions,
): Promise<InspectPayload[InspectRequest['kind']]> {
  if (request.kind === 'validate') return validateSpec(request, options);
  const key = `${request.namespace}/${request.name}`;
  const light = request.kind === 'manifests' || request.kind === 'health';
  const pass = await options.look(key, light ? 'destination' : 'comparison');
  if (!pass) throw new PlumblineError('INSPECT_NOT_FOUND', `the controller has no Application ${key}`);
  if (request.kind === 'manifests') return manifests(pass, request, options);
  if (request.kind === 'tree') return tree(pass);
  if (request.kind === 'health') return health(pass);
  if (request.kind === 'plan') return options.plan(pass, request.operation);
  if (request.kind === 'server-side-diff' && request.manifests) return diff(pass, request.manifests, options);
  return { items: await managedResources(pass.comparison?.resources ?? [], pass.rules, options.hide()) };
}

function health({ application, runtime, destination }: Pass): ResourceHealth[] {
  return destination ? resourceHealth(application, runtime.comparison?.resources ?? [], destination.live) : [];
}

/** The resource tree of an Application as its pass has found it. */
export function tree(pass: Pass): ResourceTree {
  const { application, comparison, destination } = pass;
  if (!destination) return { nodes: [], orphanedNodes: [], hosts: [], shardsCount: 0 };
  const orphans = orphansOf(pass);
  const resources = comparison?.resources ?? [];
  return resourceTree(application, { resources, orphans, permits: permits(pass) }, destination.live);
}

/** What the project permits on the destination. */
export function permits({ project, destination }: Pick<Pass, 'project' | 'destination'>): Permits {
  if (!project || !destination) return () => true;
  const { server, name, clusterProject } = destination;
  return (key) => {
    const place = { server, name, namespace: key.namespace, clusterProject };
    return resourceProblem(project, { ...key, namespaced: key.namespace !== '' }, place) === undefined;
  };
}

async function diff(pass: Pass, key: string, options: InspectOptions): Promise<ManagedResources> {
  const sent = await options.store.sealed.get(key);
  if (!sent) throw new PlumblineError('API_Unavailable', 'the manifests to compare with got lost: try again');
  const states = await options.compare(pass, JSON.parse(sent.toString('utf8')) as string[]);
  return { items: await managedResources(states, pass.rules, options.hide()) };
}

/** Throws what is wrong with the spec, or why its sources cannot be rendered. */
async function validateSpec(
  { namespace, name, spec }: Extract<InspectRequest, { kind: 'validate' }>,
  options: InspectOptions,
): Promise<InspectPayload['validate']> {
  const app: Application = {
    apiVersion: applicationApiVersion,
    kind: 'Application',
    metadata: { namespace, name },
    spec,
  };
  const pass = await options.probe(app);
  const [finding] = pass.findings;
  if (finding) throw new PlumblineError('INVALID_SPEC', finding.message);
  await options.render(pass, {});
  return {};
}

async function manifests(
  pass: Pass,
  request: Extract<InspectRequest, { kind: 'manifests' }>,
  options: InspectOptions,
): Promise<ManifestsResponse> {
  const [finding] = pass.findings.filter(({ type }) => type === 'InvalidSpecError');
  if (finding) throw new PlumblineError('INVALID_SPEC', finding.message);
  const target = await options.render(pass, request);
  const objects = target.targets.map(({ object }) => hideDigests([object], options.hide())[0]);
  return {
    manifests: objects.flatMap((object) => (object ? [stringifyJson(object)] : [])),
    revision: target.revisions[0] ?? '',
    namespace: pass.app.spec.destination.namespace ?? '',
    server: pass.destination?.server ?? '',
    sourceType: target.sourceTypes[0] ?? '',
  };
}
