import { createHash } from 'node:crypto';
import { objectOf, permitsSource } from '@plumbline/access';
import {
  type Application,
  type ApplicationSource,
  type AppProject,
  applicationApiVersion,
  sourcesOf,
} from '@plumbline/apis';
import { hasCode } from '@plumbline/errors';
import { deepEqual } from '@plumbline/manifests';
import { type SourceDetailsAnswer, type SourceDetailsQuestion, sourceDetailsSchema } from '@plumbline/protocol';
import type { RenderQueueRequest, RenderQueueResult, SourceDetailsRequest } from '@plumbline/render';
import type { Store } from '@plumbline/store';
import type { Rights } from '../access/rights.ts';
import { asApplication } from '../applications/application-object.ts';
import { projectOf } from '../applications/filter.ts';
import { type ApplicationParts, applicationRef } from '../applications/lookup.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { Mount } from '../http/mount.ts';

/** Asks the repo-servers what sources can be told. */
export interface SourceDescriptions {
  ask(request: SourceDetailsRequest, signal: AbortSignal): Promise<SourceDetailsAnswer>;
  close(): Promise<void>;
}

/** Long enough to bring a large repository and to render a kustomization. */
const patienceMs = 120_000;

/** {@link SourceDescriptions} over the store's queue `render`. Equal questions at one time are asked once. */
export function createSourceDescriptions(store: Pick<Store, 'queue'>): SourceDescriptions {
  const queue = store.queue<RenderQueueRequest, RenderQueueResult>('render');
  return {
    async ask(request, signal) {
      const id = createHash('sha256').update(JSON.stringify(request)).digest('hex');
      try {
        return sourceDetailsSchema.parse(await queue.call(id, request, { timeoutMs: patienceMs, signal }));
      } catch (error) {
        if (!hasCode(error, 'STORE_TIMEOUT')) throw error;
        const text = `no repo-server answered within ${patienceMs / 1000} s: is one running?`;
        throw apiFailure('DeadlineExceeded', text, error);
      }
    },
    close: () => queue.close(),
  };
}

const denied = () => apiFailure('PermissionDenied', 'permission denied');

/**
 * The sources among which the one that is asked about must be: with others, any file of the repository could be read.
 * Those of the history are meant at the revision that was synced.
 */
function knownSources({ spec, status }: Application): ApplicationSource[] {
  const former = (status?.history ?? []).flatMap(({ source, revision, sources = [], revisions = [] }) => [
    ...(source && revision ? [{ ...source, targetRevision: revision }] : []),
    ...sources.map((entry, index) => ({ ...entry, targetRevision: revisions[index] ?? entry.targetRevision ?? '' })),
  ]);
  return [...sourcesOf(spec), ...former];
}

function siblingsOf(application: Application | undefined): NonNullable<SourceDetailsRequest['refs']> {
  const sources = application ? sourcesOf(application.spec) : [];
  return Object.fromEntries(
    sources.flatMap(({ ref, repoURL, targetRevision, chart }) =>
      ref ? [[ref, { repoURL, ...(targetRevision ? { targetRevision } : {}), ...(chart ? { chart } : {}) }]] : [],
    ),
  );
}

/**
 * Checks as Argo CD does: of an Application that is there, the caller may read it, and the source is one of its own; of one
 * that is not, he may make it. In both cases the project permits the source. Throws PermissionDenied.
 */
async function permitted(
  parts: ApplicationParts,
  question: SourceDetailsQuestion,
  rights: Rights,
): Promise<Application | undefined> {
  const { appName, appProject, source } = question;
  const [name = '', namespace] = appName.split('/').toReversed();
  const within = objectOf({ project: appProject, namespace, name }, parts.namespace);
  rights.require('applications', 'get', within);
  const object = /^[a-z0-9][a-z0-9.-]*$/.test(name)
    ? await parts.client.find({ ...applicationRef(parts, name), namespace: namespace ?? parts.namespace })
    : undefined;
  const application = object ? asApplication(object) : undefined;
  if (!application) rights.require('applications', 'create', within);
  else if (
    projectOf(application) !== appProject ||
    !knownSources(application).some((known) => deepEqual(known, source))
  )
    throw denied();
  const ref = { apiVersion: applicationApiVersion, kind: 'AppProject', namespace: parts.namespace, name: appProject };
  // The API server has checked an AppProject it returns against its CRD.
  const project = (await parts.client.find(ref)) as unknown as AppProject | undefined;
  if (project && permitsSource(project, source.repoURL)) return application;
  throw apiFailure('PermissionDenied', `repository "${source.repoURL}" is not permitted in project "${appProject}"`);
}

/** `appdetails` of reference §8.2. */
export function mountSourceDetails(mount: Mount, parts: ApplicationParts & { descriptions: SourceDescriptions }): void {
  mount.call('sourceDetails', async ({ params, body, rights, signal }) => {
    const question = { ...body, source: { ...body.source, repoURL: params.repo } };
    const application = await permitted(parts, question, rights);
    const { source, appName, appProject: project } = question;
    const refs = siblingsOf(application);
    return parts.descriptions.ask({ kind: 'source-details', source, appName, project, refs }, signal);
  });
}
