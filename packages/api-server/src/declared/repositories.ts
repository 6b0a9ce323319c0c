import { normalizeRepoURL } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import type { RepositoryAccess } from '@plumbline/git';
import type { Repository, RepositoryInput, RepositoryQuery } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { ConnectionStates } from './connection-states.ts';
import { type LabelledSecret, type LabelledSecrets, secretName } from './labelled-secrets.ts';
import { hasCredentials, repositoryData, repositoryOf, sameData, shownAddress } from './repository-data.ts';
import type { RepositoryQuestions, RepositoryTrial } from './repository-questions.ts';
import { mayScoped, requireScoped } from './scoped-right.ts';

export interface RepositoriesParts {
  secrets: LabelledSecrets;
  questions: RepositoryQuestions;
  states: ConnectionStates;
  /** How a repository is reached that is not stored yet. */
  candidateAccess(data: Readonly<Record<string, string>>, project: string): RepositoryAccess;
  repositoryAccess(url: string, project: string): RepositoryAccess;
  /** Value of the label, and beginning of the Secrets' names. */
  kind: { label: string; prefix: string; resource: 'repositories' | 'write-repositories' };
}

/** Which repository a request means, and what its caller wants to do with it. */
export interface RepositoryChoice {
  url: string;
  appProject?: string | undefined;
  rights: Rights;
  action: 'get' | 'update' | 'delete';
}

const projectOf = ({ data }: LabelledSecret): string => data['project'] ?? '';

export function unknownRepository(url: string): PlumblineError {
  return apiFailure('NotFound', `repository "${url}" not found`);
}

/**
 * The Secret of a repository. Where several projects have one with this URL, `appProject` says which. One that the caller has
 * no right to is refused as one that is not there.
 */
export async function findRepository(
  { secrets, kind: { label, resource } }: Pick<RepositoriesParts, 'secrets' | 'kind'>,
  { url, appProject, rights, action }: RepositoryChoice,
): Promise<LabelledSecret> {
  const wanted = normalizeRepoURL(url);
  const all = (await secrets.list(label)).filter(
    (secret) =>
      normalizeRepoURL(shownAddress(secret.data)) === wanted &&
      mayScoped(rights, action, { resource, name: shownAddress(secret.data), project: projectOf(secret) }),
  );
  const ofProject = all.filter((secret) => appProject === undefined || projectOf(secret) === appProject);
  // A project that has none of its own uses the common one; only its own can be changed in its name.
  const common = action === 'get' ? all.filter((secret) => projectOf(secret) === '') : [];
  const found = ofProject.length > 0 ? ofProject : common;
  const [first, second] = found;
  if (!first) {
    requireScoped(rights, action, { resource, name: url, project: appProject });
    throw unknownRepository(url);
  }
  if (!second) return first;
  const shared = found.find((secret) => projectOf(secret) === '');
  if (shared) return shared;
  throw apiFailure('InvalidArgument', `several projects have the repository ${url}: name one with appProject`);
}

function trialOf(data: Readonly<Record<string, string>>): Omit<RepositoryTrial, 'access'> {
  const { type } = data;
  return {
    repoURL: shownAddress(data),
    project: data['project'] ?? '',
    type: type === 'helm' || type === 'oci' ? type : 'git',
    enableOCI: data['enableOCI'] === 'true',
  };
}

/** Tries the connection with credentials that are not stored. Throws `InvalidArgument` with the reason. */
export async function testRepository(
  { questions, candidateAccess }: Pick<RepositoriesParts, 'questions' | 'candidateAccess'>,
  data: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const trial = trialOf(data);
  try {
    await questions.test({ ...trial, access: candidateAccess(data, trial.project) }, signal);
  } catch (error) {
    const noAnswer = error instanceof PlumblineError && error.code === 'API_DeadlineExceeded';
    if (!(error instanceof PlumblineError) || noAnswer || signal.aborted) throw error;
    throw apiFailure('InvalidArgument', `the repository cannot be read: ${error.full}`, error);
  }
}

const stateKey = ({ uid, resourceVersion }: LabelledSecret): string => `${uid} ${resourceVersion}`;

/** A repository with its connection, which is tried where it is not known. */
export async function shownRepository(
  { questions, states, repositoryAccess }: RepositoriesParts,
  secret: LabelledSecret,
  { forceRefresh = false }: Partial<Pick<RepositoryQuery, 'forceRefresh'>> = {},
): Promise<Repository> {
  const trial = trialOf(secret.data);
  const attempt = (signal: AbortSignal) => questions.test(trial, signal);
  const connectionState = await states.get(stateKey(secret), attempt, { fresh: forceRefresh });
  const { username, password, sshPrivateKey, bearerToken } = repositoryAccess(trial.repoURL, trial.project);
  const inherits = !hasCredentials(secret.data) && Boolean(username || password || sshPrivateKey || bearerToken);
  return { ...repositoryOf(secret.data), ...(inherits ? { inheritedCreds: true } : {}), connectionState };
}

/**
 * Declares a repository once it has been read. One that is there and equal is answered as it is; another is refused, or with
 * `upsert` replaced.
 */
export async function createRepository(
  parts: RepositoriesParts,
  input: RepositoryInput,
  options: { upsert: boolean; credsOnly: boolean; rights: Rights; signal: AbortSignal },
): Promise<Repository> {
  const { secrets, kind, states } = parts;
  const data = repositoryData(input);
  const project = data['project'] ?? '';
  const scoped = { resource: kind.resource, name: data['url'] ?? '', project };
  requireScoped(options.rights, 'create', scoped);
  const former = (await secrets.list(kind.label)).find(
    (secret) =>
      normalizeRepoURL(shownAddress(secret.data)) === normalizeRepoURL(data['url'] ?? '') &&
      projectOf(secret) === project,
  );
  if (former && sameData(former.data, data)) return shownRepository(parts, former);
  if (former && !options.upsert) {
    const text = `existing repository spec is different: use upsert flag to force update of ${data['url']}`;
    throw apiFailure('InvalidArgument', text);
  }
  if (former) requireScoped(options.rights, 'update', scoped);
  if (!options.credsOnly) await testRepository(parts, data, options.signal);
  const stored = former
    ? await secrets.update(former, { data })
    : await secrets.create(kind.label, { name: secretName(kind.prefix, data['url'] ?? '', project), data });
  if (!options.credsOnly) states.succeeded(stateKey(stored));
  return shownRepository(parts, stored);
}

/** Replaces what is declared of a repository. The address and the project say which, so they stay. */
export async function updateRepository(
  parts: RepositoriesParts,
  url: string,
  { input, rights, signal }: { input: RepositoryInput; rights: Rights; signal: AbortSignal },
): Promise<Repository> {
  const appProject = input.project || undefined;
  const former = await findRepository(parts, { url, appProject, rights, action: 'update' });
  const data = { ...repositoryData({ ...input, repo: input.repo || url }), url: shownAddress(former.data) };
  await testRepository(parts, data, signal);
  const stored = await parts.secrets.update(former, { data });
  parts.states.succeeded(stateKey(stored));
  return shownRepository(parts, stored);
}
