import type { ApplicationSource } from '@plumbline/apis';
import type {
  RenderContext,
  Renderer,
  RenderSettings,
  ResolveRequest,
  ResolveResult,
  SourceDetails,
  SourceDetailsRequest,
  SourceReferences,
} from '@plumbline/render';
import type { SourceReaders } from './source-readers.ts';

export interface SourceDescriberOptions {
  readers: SourceReaders;
  resolve(request: ResolveRequest, signal: AbortSignal): Promise<ResolveResult>;
  renderer: Renderer;
  renderSettings(): RenderSettings;
}

type Target = Pick<ApplicationSource, 'repoURL' | 'targetRevision' | 'chart' | 'helm' | 'tagPrefix'>;

function resolveRequest(source: Target, project: string): ResolveRequest {
  const { repoURL, targetRevision = '', chart, helm, tagPrefix } = source;
  return {
    kind: 'resolve',
    repoURL,
    project,
    targetRevision,
    ...(chart ? { chart } : {}),
    ...(helm?.passCredentials ? { passCredentials: true } : {}),
    ...(tagPrefix ? { tagPrefix } : {}),
  };
}

/** Says what sources can be told, of what they are at their targetRevision now. Throws what resolving and rendering throw. */
export function createSourceDescriber(options: SourceDescriberOptions) {
  const { readers, renderer, resolve } = options;

  const resolveRefs = async (
    { refs = {}, project }: SourceDetailsRequest,
    signal: AbortSignal,
  ): Promise<SourceReferences> => {
    const resolved = Object.entries(refs).map(async ([name, { repoURL, chart, targetRevision }]) => {
      const more = chart ? { chart } : {};
      const target = { repoURL, ...more, ...(targetRevision ? { targetRevision } : {}) };
      const { revision } = await resolve(resolveRequest(target, project), signal);
      return [name, { repoURL, revision, ...more }] as const;
    });
    return Object.fromEntries(await Promise.all(resolved));
  };

  return async (request: SourceDetailsRequest, signal: AbortSignal): Promise<SourceDetails> => {
    const { source, appName, project } = request;
    const { revision } = await resolve(resolveRequest(source, project), signal);
    const reading = { project, signal };
    const { reader } = await readers.open({ ...source, revision }, reading);
    const surroundings = readers.surroundings({ source, refs: await resolveRefs(request, signal) }, reading);
    // Nothing is applied anywhere: there is no destination to render for.
    const nowhere = { namespace: '', kubeVersion: '', apiVersions: [] };
    const context: RenderContext = { appName, project, ...nowhere, settings: options.renderSettings() };
    return renderer.describe(reader, revision, source, context, { signal, surroundings });
  };
}
