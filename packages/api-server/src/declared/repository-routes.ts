import { secretTypes } from '@plumbline/apis';
import type { RepositoryAccess } from '@plumbline/git';
import type { Rights } from '../access/rights.ts';
import { compareText } from '../applications/sort-text.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { Call, Mount } from '../http/mount.ts';
import type { ConnectionStates } from './connection-states.ts';
import { type LabelledSecrets, secretName } from './labelled-secrets.ts';
import {
  createRepository,
  findRepository,
  type RepositoriesParts,
  shownRepository,
  testRepository,
  updateRepository,
} from './repositories.ts';
import { repoCredsData, repoCredsOf, repositoryData, sameData, shownAddress } from './repository-data.ts';
import type { RepositoryQuestions } from './repository-questions.ts';
import { mayScoped, requireScoped, type Scoped } from './scoped-right.ts';

export interface RepositoryRouteParts {
  secrets: LabelledSecrets;
  questions: RepositoryQuestions;
  states: ConnectionStates;
  candidateAccess(data: Readonly<Record<string, string>>, project: string): RepositoryAccess;
  repositoryAccess(url: string, project: string): RepositoryAccess;
}

async function listed(parts: RepositoriesParts, { query, rights }: Pick<Call<'listRepositories'>, 'query' | 'rights'>) {
  const { label, resource } = parts.kind;
  const wanted = (await parts.secrets.list(label)).filter(
    ({ data }) =>
      (query.repo === undefined || shownAddress(data) === query.repo) &&
      (query.appProject === undefined || data['project'] === query.appProject) &&
      mayScoped(rights, 'get', { resource, name: shownAddress(data), project: data['project'] }),
  );
  rights.open();
  const items = await Promise.all(wanted.map((secret) => shownRepository(parts, secret, query)));
  return { metadata: {}, items: items.sort((a, b) => compareText(a.repo, b.repo)) };
}

/** What the routes of both kinds of repositories do. */
function handlersOf(parts: RepositoriesParts) {
  const found = (
    { params, query, rights }: Pick<Call<'getRepository'>, 'params' | 'query' | 'rights'>,
    action: 'get' | 'delete',
  ) => findRepository(parts, { url: params.repo, appProject: query.appProject, rights, action });
  return {
    list: (call: Pick<Call<'listRepositories'>, 'query' | 'rights'>) => listed(parts, call),
    create: ({ body, query, rights, signal }: Pick<Call<'createRepository'>, 'body' | 'query' | 'rights' | 'signal'>) =>
      createRepository(parts, body, { ...query, rights, signal }),
    get: async (call: Pick<Call<'getRepository'>, 'params' | 'query' | 'rights'>) =>
      shownRepository(parts, await found(call, 'get'), call.query),
    update: ({
      params,
      body,
      rights,
      signal,
    }: Pick<Call<'updateRepository'>, 'params' | 'body' | 'rights' | 'signal'>) =>
      updateRepository(parts, params.repo, { input: body, rights, signal }),
    remove: async (call: Pick<Call<'deleteRepository'>, 'params' | 'query' | 'rights'>) => {
      await parts.secrets.remove(await found(call, 'delete'));
      return {};
    },
    validate: async (call: Pick<Call<'validateRepository'>, 'params' | 'query' | 'body' | 'rights' | 'signal'>) => {
      const sent = typeof call.body === 'string' ? {} : call.body;
      const data = repositoryData({ ...call.query, ...sent, repo: call.params.repo });
      const scoped = { resource: parts.kind.resource, name: shownAddress(data), project: data['project'] };
      // Whoever may declare it may try it: the server is no way to look at any address.
      requireScoped(call.rights, 'create', scoped);
      await testRepository(parts, data, call.signal);
      return {};
    },
  };
}

function mountRead(mount: Mount, parts: RepositoriesParts): void {
  const handlers = handlersOf(parts);
  mount.call('listRepositories', (call) => handlers.list(call));
  mount.call('createRepository', (call) => handlers.create(call));
  mount.call('getRepository', (call) => handlers.get(call));
  mount.call('updateRepository', (call) => handlers.update(call));
  mount.call('deleteRepository', (call) => handlers.remove(call));
  mount.call('validateRepository', (call) => handlers.validate(call));
}

function mountWrite(mount: Mount, parts: RepositoriesParts): void {
  const handlers = handlersOf(parts);
  mount.call('listWriteRepositories', (call) => handlers.list(call));
  mount.call('createWriteRepository', (call) => handlers.create(call));
  mount.call('getWriteRepository', (call) => handlers.get(call));
  mount.call('updateWriteRepository', (call) => handlers.update(call));
  mount.call('deleteWriteRepository', (call) => handlers.remove(call));
  mount.call('validateWriteRepository', (call) => handlers.validate(call));
}

function mountQuestions(mount: Mount, parts: RepositoriesParts): void {
  /** Only of repositories that are declared: the server is no way to look at any address. */
  const named = async (call: Pick<Call<'repositoryRefs'>, 'params' | 'rights'>, appProject?: string) => {
    const choice = { url: call.params.repo, appProject, rights: call.rights, action: 'get' as const };
    const { data } = await findRepository(parts, choice);
    return { repoURL: shownAddress(data), project: data['project'] ?? '' };
  };
  const { questions } = parts;
  mount.call('repositoryRefs', async (call) => questions.refs(await named(call, call.query.appProject), call.signal));
  mount.call('repositoryTags', async (call) => questions.tags(await named(call, call.query.appProject), call.signal));
  mount.call('repositoryCharts', async (call) =>
    questions.charts(await named(call, call.query.appProject), call.signal),
  );
  mount.call('repositoryApps', async (call) => {
    const { revision = 'HEAD', appProject = '' } = call.query;
    // The project of the Application may use a common repository.
    const own = await named(call);
    return questions.apps({ ...own, project: own.project || appProject, revision }, call.signal);
  });
}

interface CredsParts {
  secrets: LabelledSecrets;
  label: string;
  prefix: string;
  resource: Scoped['resource'];
}

function credsHandlers({ secrets, label, prefix, resource }: CredsParts) {
  const find = async (url: string) => (await secrets.list(label)).find(({ data }) => shownAddress(data) === url);
  const found = async (url: string, rights: Rights, action: string) => {
    requireScoped(rights, action, { resource, name: url });
    const secret = await find(url);
    if (secret) return secret;
    throw apiFailure('NotFound', `credentials for "${url}" not found`);
  };
  return {
    list: async ({ query, rights }: Pick<Call<'listRepoCreds'>, 'query' | 'rights'>) => {
      rights.open();
      const all = (await secrets.list(label)).map(({ data }) => repoCredsOf(data));
      const items = all.filter(
        ({ url }) =>
          (query.url === undefined || url === query.url) && mayScoped(rights, 'get', { resource, name: url }),
      );
      return { metadata: {}, items: items.sort((a, b) => compareText(a.url, b.url)) };
    },
    create: async ({ body, query, rights }: Pick<Call<'createRepoCreds'>, 'body' | 'query' | 'rights'>) => {
      const data = repoCredsData(body);
      const url = data['url'] ?? '';
      requireScoped(rights, 'create', { resource, name: url });
      const former = await find(url);
      if (!former) await secrets.create(label, { name: secretName(prefix, url), data });
      else if (!sameData(former.data, data)) {
        const text = `existing repository credentials spec is different: use upsert flag to force update of ${url}`;
        if (!query.upsert) throw apiFailure('InvalidArgument', text);
        requireScoped(rights, 'update', { resource, name: url });
        await secrets.update(former, { data });
      }
      return repoCredsOf(data);
    },
    update: async ({ params, body, rights }: Pick<Call<'updateRepoCreds'>, 'params' | 'body' | 'rights'>) => {
      const former = await found(params.url, rights, 'update');
      const data = { ...repoCredsData({ ...body, url: body.url || params.url }), url: params.url };
      await secrets.update(former, { data });
      return repoCredsOf(data);
    },
    remove: async ({ params, rights }: Pick<Call<'deleteRepoCreds'>, 'params' | 'rights'>) => {
      await secrets.remove(await found(params.url, rights, 'delete'));
      return {};
    },
  };
}

function mountCreds(mount: Mount, secrets: LabelledSecrets): void {
  const read = credsHandlers({ secrets, label: secretTypes.repoCreds, prefix: 'creds', resource: 'repositories' });
  mount.call('listRepoCreds', (call) => read.list(call));
  mount.call('createRepoCreds', (call) => read.create(call));
  mount.call('updateRepoCreds', (call) => read.update(call));
  mount.call('deleteRepoCreds', (call) => read.remove(call));
  const write = credsHandlers({
    secrets,
    label: secretTypes.repoWriteCreds,
    prefix: 'creds-write',
    resource: 'write-repositories',
  });
  mount.call('listWriteRepoCreds', (call) => write.list(call));
  mount.call('createWriteRepoCreds', (call) => write.create(call));
  mount.call('updateWriteRepoCreds', (call) => write.update(call));
  mount.call('deleteWriteRepoCreds', (call) => write.remove(call));
}

/** Repositories and credential templates, kept as labelled Secrets (reference §8.2, §10.5). */
export function mountRepositories(mount: Mount, parts: RepositoryRouteParts): void {
  const read = { ...parts, kind: { label: secretTypes.repository, prefix: 'repo', resource: 'repositories' as const } };
  mountRead(mount, read);
  mountQuestions(mount, read);
  mountWrite(mount, {
    ...parts,
    kind: { label: secretTypes.repositoryWrite, prefix: 'repo-write', resource: 'write-repositories' },
  });
  mountCreds(mount, parts.secrets);
}
