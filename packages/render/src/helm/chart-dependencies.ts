import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode, PlumblineError } from '@plumbline/errors';
import { allowsVersion } from '../charts/chart-version.ts';
import { type Fields, fieldsNamed, spellFields } from '../field-spelling.ts';
import { isMembers, parseKustomization as parseMapping, recordsOf } from '../kustomize/kustomization.ts';
import { publicUrl } from '../network/guarded-fetch.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { joinPath } from '../repository/paths.ts';
import type { Found } from '../repository/repository-view.ts';
import type { DependencyCharts, TracedInput } from '../types.ts';

interface Dependency {
  name: string;
  /** A constraint in the chart, a version in its lock file. */
  version: string;
  repository: string;
}

/** Where inputs come from that are archives of dependencies; no `ref` can have this name. */
const archives = 'dependency:';

/** What a chart needs in `charts/` that the repository does not have there. */
export interface MissingDependencies {
  /** Charts elsewhere in the repository (`file://`), their folders. */
  local: readonly string[];
}

const chartFields: Fields = { dependencies: fieldsNamed('name', 'version', 'repository') };

async function listed(inputs: InputRecorder, file: string): Promise<Dependency[]> {
  const found = await inputs.view.find(file);
  if (found?.kind !== 'blob') return [];
  const mapping = parseMapping(await inputs.view.text(found.oid), found.path);
  const entries = isMembers(mapping) ? recordsOf(spellFields(mapping, chartFields, found.path)['dependencies']) : [];
  return entries.map((entry) => ({
    name: String(entry['name'] ?? ''),
    version: String(entry['version'] ?? ''),
    repository: String(entry['repository'] ?? ''),
  }));
}

/** From Chart.yaml or (apiVersion v1) requirements.yaml, or from their lock files. */
async function fromEither(inputs: InputRecorder, chart: string, names: readonly string[]): Promise<Dependency[]> {
  return (await Promise.all(names.map((name) => listed(inputs, joinPath(chart, name))))).flat();
}

async function isVendored(inputs: InputRecorder, chart: string, { name }: Dependency): Promise<boolean> {
  const charts = await inputs.view.find(joinPath(chart, 'charts'));
  if (charts?.kind !== 'tree') return false;
  const entries = await inputs.view.reader.readTree(charts.oid);
  const isArchive = (file: string) => file.startsWith(`${name}-`) && /^-v?\d.*\.tgz$/.test(file.slice(name.length));
  return entries.some((entry) => entry.name === name || isArchive(entry.name));
}

function refusal(chart: string, { name, repository }: Dependency, problem: string, cause?: unknown): PlumblineError {
  const shown = /^(https?|oci):/i.test(repository) ? publicUrl(repository) : repository;
  return new PlumblineError(
    'RENDER_FAILED',
    `${joinPath(chart, 'Chart.yaml')}: dependency ${name} (${shown}) ${problem}`,
    {
      cause,
      ...(cause instanceof PlumblineError ? { retry: cause.retry } : {}),
      hint:
        (cause instanceof PlumblineError ? cause.hint : undefined) ??
        'let the dependency name a chart that can be had, or put it into charts/',
      details: { file: joinPath(chart, 'Chart.yaml') },
    },
  );
}

async function findChart(inputs: InputRecorder, chart: string, dependency: Dependency): Promise<Found> {
  const path = dependency.repository.slice('file://'.length);
  // Helm would open it on this machine, whatever the repository has at such a path.
  if (path.startsWith('/')) throw refusal(chart, dependency, 'leads outside the repository');
  let found: Found | null;
  try {
    found = await inputs.open(chart, path);
  } catch (error) {
    if (!hasCode(error, 'RENDER_PATH_OUTSIDE')) throw error;
    throw refusal(chart, dependency, 'leads outside the repository', error);
  }
  if (found?.kind !== 'tree') throw refusal(chart, dependency, 'does not exist');
  return found;
}

async function missingDependencies(inputs: InputRecorder, chart: string): Promise<Dependency[]> {
  const missing: Dependency[] = [];
  for (const dependency of await fromEither(inputs, chart, ['Chart.yaml', 'requirements.yaml'])) {
    if (!(await isVendored(inputs, chart, dependency))) missing.push(dependency);
  }
  return missing;
}

const isLocal = ({ repository }: Dependency) => repository.startsWith('file://');
const isRemote = ({ repository }: Dependency) => /^(https?:\/\/|oci:\/\/|@|alias:)/i.test(repository);

/** The charts elsewhere in the repository that have to be brought into `charts/`. They are for the chart's tracer to record. */
export async function traceLocalDependencies(inputs: InputRecorder, chart: string): Promise<MissingDependencies> {
  const local: string[] = [];
  for (const dependency of (await missingDependencies(inputs, chart)).filter(isLocal)) {
    local.push((await findChart(inputs, chart, dependency)).path);
  }
  return { local };
}

/** The version in the lock file, which has to be one that the chart allows. */
function lockedVersion(chart: string, dependency: Dependency, locks: readonly Dependency[]): string | undefined {
  const named = locks.filter(
    ({ name, repository }) => name === dependency.name && repository === dependency.repository,
  );
  if (named.length === 0) return undefined;
  const allowed = named.find(({ version }) => allowsVersion(dependency.version || '*', version));
  if (allowed) return allowed.version;
  const versions = named.map(({ version }) => version).join(', ');
  throw refusal(
    chart,
    dependency,
    `is locked at ${versions}, which "${dependency.version}" does not allow: Chart.lock is out of sync with Chart.yaml`,
  );
}

/**
 * Brings the archives of remote dependencies that are not vendored to this machine, at the locked versions, else at the
 * newest allowed ones. They become inputs by their digests, at the places where Helm looks for them.
 */
export async function traceRemoteDependencies(
  inputs: InputRecorder,
  chart: string,
  charts: DependencyCharts | undefined,
): Promise<void> {
  const remote = (await missingDependencies(inputs, chart)).filter(isRemote);
  if (remote.length === 0 || !charts) return;
  const locks = await fromEither(inputs, chart, ['Chart.lock', 'requirements.lock']);
  const fetchOne = async (dependency: Dependency): Promise<void> => {
    const wanted = lockedVersion(chart, dependency, locks) ?? (dependency.version || '*');
    try {
      const { repository: repoURL, name } = dependency;
      const { version, digest } = await charts.fetch({ repoURL, chart: name, version: wanted });
      inputs.addForeign({ from: archives, path: joinPath(chart, `charts/${name}-${version}.tgz`), oid: digest });
    } catch (error) {
      if (!(error instanceof PlumblineError)) throw error;
      throw refusal(chart, dependency, `${wanted} cannot be had: ${error.message}`, error);
    }
  };
  await Promise.all(remote.map(fetchOne));
}

/** The inputs that are archives of dependencies. */
export function dependencyArchives(inputs: readonly TracedInput[]): TracedInput[] {
  return inputs.filter(({ from }) => from === archives);
}

/** Links to the archive, or copies it across file systems; false where it is not here. */
async function placeArchive(target: string, digest: string, charts: DependencyCharts | undefined): Promise<boolean> {
  const archive = await charts?.archive(digest);
  if (archive === undefined) return false;
  await mkdir(dirname(target), { recursive: true });
  return link(archive, target)
    .catch(() => copyFile(archive, target))
    .then(
      () => true,
      () => false,
    );
}

/**
 * Puts the archives of dependencies where Helm looks for them, below `root`. Those that have gone since they were traced
 * are fetched again, and have to be the same.
 */
export async function placeArchives(
  root: string,
  inputs: readonly TracedInput[],
  { charts, refetch }: { charts: DependencyCharts | undefined; refetch: () => Promise<void> },
): Promise<void> {
  const place = ({ path, oid }: TracedInput) => placeArchive(join(root, path), oid ?? '', charts);
  for (const input of inputs) {
    if (await place(input)) continue;
    await refetch();
    if (await place(input)) continue;
    throw new PlumblineError('RENDER_FAILED', `${input.path} is no longer what was traced, or not on this machine`, {
      retry: 'transient',
      hint: 'a hard refresh fetches it again',
    });
  }
}
