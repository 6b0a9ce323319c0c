import { createHash } from 'node:crypto';
import { PlumblineError } from '@plumbline/errors';
import { publicUrl } from '../network/guarded-fetch.ts';
import type { RemoteFiles } from '../network/remote-files.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { openRepository, type RepositoryView } from '../repository/repository-view.ts';
import type { RenderSurroundings, TracedInput } from '../types.ts';
import type { ChartEntry } from './chart-entries.ts';
import { isHttpUrl, namesRepository, parseRepoSpec, type RepoSpec } from './repo-spec.ts';

/** A folder of another repository at a commit. */
export interface RemoteFolder {
  kind: 'folder';
  spec: RepoSpec;
  commit: string;
  view: RepositoryView;
}
export interface RemoteFile {
  kind: 'file';
  content: Buffer;
}

/** What kustomizations refer to outside the repository. Throws `GIT_*`, `DOWNLOAD_*`, `CHART_*`. */
export interface RemoteContent {
  resource(reference: string): Promise<RemoteFolder | RemoteFile>;
  file(url: string): Promise<RemoteFile>;
  /** The files of the chart. */
  chart(entry: ChartEntry): Promise<RepositoryView>;
}

/** Where inputs come from that are no file of a repository; no `ref` can have these names. */
const origins = { commit: 'git:', file: 'url:', chart: 'chart:' } as const;
type Origin = keyof typeof origins;

/** Names a thing for people and tells it from others that look the same without their credentials. */
function keyOf(shown: string, ...parts: readonly unknown[]): string {
  return `${shown} ${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)}`;
}

function specKey({ url, ref, submodules }: RepoSpec): string {
  return keyOf(`${publicUrl(url)}?ref=${ref}`, url, ref, submodules);
}

function chartKey({ repo, name, version }: ChartEntry): string {
  return keyOf(`${publicUrl(repo)} ${name} ${version}`, repo, name, version);
}

function unavailable(what: string): PlumblineError {
  return new PlumblineError('RENDER_FAILED', `${what} cannot be had here`, {
    hint: 'put a copy into the repository',
  });
}

function basesOf({ bases }: RenderSurroundings) {
  if (!bases) throw unavailable('other repositories');
  return bases;
}

async function openFolder(surroundings: RenderSurroundings, spec: RepoSpec, commit: string): Promise<RemoteFolder> {
  const { url, submodules } = spec;
  const reader = await basesOf(surroundings).open({ url, commit, submodules });
  return { kind: 'folder', spec, commit, view: await openRepository(reader, commit) };
}

async function openChart({ charts }: RenderSurroundings, entry: ChartEntry): Promise<RepositoryView> {
  if (!charts) throw unavailable('charts');
  const { repo: repoURL, name: chart, version } = entry;
  const wanted = version || '*';
  return openRepository(await charts.open({ repoURL, chart, version: wanted }), wanted);
}

/** Servers of repositories show pages, also for signing in, where there is no file. */
function isWebPage(body: Buffer): boolean {
  return /^\uFEFF?\s*<(?:!doctype|html)\b/i.test(body.subarray(0, 1000).toString('utf8'));
}

function webPage(url: string): PlumblineError {
  return new PlumblineError('DOWNLOAD_FAILED', `${publicUrl(url)} answered with a web page, not with a manifest`, {
    retry: 'terminal',
    hint: 'refer to the file itself, or to its repository as https://host/org/repo//path?ref=branch',
  });
}

export interface RemoteContentOptions {
  surroundings: RenderSurroundings;
  files: RemoteFiles;
}

/** Asks remotes what they have now, and records it as inputs. */
export function presentContent(inputs: InputRecorder, { surroundings, files }: RemoteContentOptions): RemoteContent {
  const record = (origin: Origin, path: string, oid: string) => inputs.addForeign({ from: origins[origin], path, oid });

  const folder = async (spec: RepoSpec): Promise<RemoteFolder> => {
    const { url, ref, submodules, timeoutSeconds } = spec;
    const limit = timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 };
    const commit = await basesOf(surroundings).resolve({ url, ref, submodules, ...limit });
    record('commit', specKey(spec), commit);
    return openFolder(surroundings, spec, commit);
  };

  const file = async (url: string, isManifest: boolean): Promise<RemoteFile> => {
    const { digest, body } = await files.get(url, { fresh: surroundings.fresh ?? false });
    if (isManifest && isWebPage(body)) throw webPage(url);
    record('file', keyOf(publicUrl(url), url), digest);
    return { kind: 'file', content: body };
  };

  const content: RemoteContent = {
    file: (url) => file(url, false),
    async resource(reference) {
      const spec = parseRepoSpec(reference);
      if (!spec) return file(reference, true);
      if (!isHttpUrl(reference)) return folder(spec);
      const both = [() => folder(spec), () => file(reference, true)] as const;
      const [first, second] = namesRepository(reference) ? both : ([both[1], both[0]] as const);
      try {
        return await first();
      } catch (error) {
        if (!(error instanceof PlumblineError) || error.code === 'DOWNLOAD_FORBIDDEN') throw error;
        return second().catch(() => Promise.reject(error));
      }
    },
    async chart(entry) {
      const view = await openChart(surroundings, entry);
      record('chart', chartKey(entry), view.root);
      return view;
    },
  };
  return content;
}

/** Gives exactly what was traced. Throws `RENDER_FAILED` (transient) for a file that is another one by now. */
export function tracedContent(
  inputs: readonly TracedInput[],
  { surroundings, files }: RemoteContentOptions,
): RemoteContent {
  const known = new Map(inputs.map(({ from, path, oid }) => [`${from} ${path}`, oid]));
  const find = (origin: Origin, path: string) => known.get(`${origins[origin]} ${path}`) ?? undefined;
  const gone = (what: string) =>
    new PlumblineError('RENDER_FAILED', `${what} has changed since it was traced`, { retry: 'transient' });

  const content: RemoteContent = {
    async file(url) {
      const digest = find('file', keyOf(publicUrl(url), url));
      const body = digest === undefined ? undefined : await files.read(url, digest);
      if (!body) throw gone(publicUrl(url));
      return { kind: 'file', content: body };
    },
    async resource(reference) {
      const spec = parseRepoSpec(reference);
      const commit = spec && find('commit', specKey(spec));
      return spec && commit ? openFolder(surroundings, spec, commit) : content.file(reference);
    },
    async chart(entry) {
      const view = await openChart(surroundings, entry);
      if (find('chart', chartKey(entry)) !== view.root) throw gone(`chart ${entry.name}`);
      return view;
    },
  };
  return content;
}

/** Whether an input says what a remote had at the time of the trace: it may have something else by now. */
export function isPresentInput({ from }: TracedInput): boolean {
  return from !== undefined && Object.values<string>(origins).includes(from);
}
