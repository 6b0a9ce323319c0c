import { PlumblineError } from '@plumbline/errors';
import type { Mirror, RepositoryAccess } from '@plumbline/git';
import type {
  ChartSources,
  RepositoryAnswer,
  RepositoryApps,
  RepositoryQuestion,
  RepositoryRefs,
  RepositoryTestRequest,
} from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';

export interface RepositoryQuestionsOptions {
  charts: Pick<ChartSources, 'charts' | 'tags' | 'checkRegistry'>;
  sealed: Pick<SealedCache, 'get'>;
  /** The mirror as the settings have it. */
  open(url: string, project: string): Promise<Mirror>;
  openBy(access: RepositoryAccess): Promise<Mirror>;
}

/** Answers what is asked of repositories themselves. Throws what `git` and `render` throw. */
export type RepositoryQuestions = (question: RepositoryQuestion, signal: AbortSignal) => Promise<RepositoryAnswer>;

async function namesOf(mirror: Mirror, signal: AbortSignal): Promise<RepositoryRefs> {
  const refs = [...(await mirror.listRefs({ signal })).keys()].sort();
  const below = (prefix: string) => refs.filter((ref) => ref.startsWith(prefix)).map((ref) => ref.slice(prefix.length));
  return { branches: below('refs/heads/'), tags: below('refs/tags/') };
}

const kustomizations = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** A folder below a chart is the chart's own affair. */
async function foldersOf(mirror: Mirror, commit: string): Promise<RepositoryApps['apps']> {
  const found: RepositoryApps['apps'] = [];
  const visit = async (oid: string, path: string): Promise<void> => {
    const entries = await mirror.readTree(oid);
    const files = entries.filter(({ kind }) => kind === 'blob').map(({ name }) => name);
    if (files.includes('Chart.yaml')) {
      found.push({ path: path || '.', type: 'Helm' });
      return;
    }
    if (files.some((name) => kustomizations.has(name))) found.push({ path: path || '.', type: 'Kustomize' });
    for (const { kind, oid: below, name } of entries) {
      if (kind === 'tree') await visit(below, path ? `${path}/${name}` : name);
    }
  };
  await visit(await mirror.rootTree(commit), '');
  return found;
}

export function createRepositoryQuestions(options: RepositoryQuestionsOptions): RepositoryQuestions {
  const { charts, sealed, open, openBy } = options;

  const accessAt = async (key: string): Promise<RepositoryAccess> => {
    const stored = await sealed.get(key);
    if (stored) return JSON.parse(stored.toString('utf8')) as RepositoryAccess;
    throw new PlumblineError('REPO_SERVER_REQUEST', 'the credentials to try have expired: try again', {
      retry: 'transient',
    });
  };

  const test = async (request: RepositoryTestRequest, signal: AbortSignal): Promise<void> => {
    const { repoURL, project, type, enableOCI = false, accessKey } = request;
    const access = accessKey === undefined ? undefined : await accessAt(accessKey);
    const place = { repoURL, project, ...(access ? { access } : {}) };
    if (type === 'git') {
      const mirror = await (access ? openBy(access) : open(repoURL, project));
      await mirror.listRefs({ signal });
    } else if (type === 'oci' || enableOCI) await charts.checkRegistry(place, { signal });
    else await charts.charts(place, { signal, fresh: true });
  };

  return async (question, signal) => {
    const { repoURL, project } = question;
    switch (question.kind) {
      case 'repository-test':
        await test(question, signal);
        return { readable: true };
      case 'repository-refs':
        return namesOf(await open(repoURL, project), signal);
      case 'repository-charts':
        return { charts: await charts.charts({ repoURL, project }, { signal }) };
      case 'repository-tags':
        return { tags: await charts.tags({ repoURL, project }, { signal }) };
      case 'repository-apps': {
        const mirror = await open(repoURL, project);
        const { commit } = await mirror.resolve(question.revision, { signal });
        return { apps: await foldersOf(mirror, commit) };
      }
    }
  };
}
