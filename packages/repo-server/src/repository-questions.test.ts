import type { Mirror } from '@plumbline/git';
import { describe, expect, it } from 'vitest';
import { createRepositoryQuestions } from './repository-questions.ts';

const { signal } = new AbortController();
const at = { repoURL: 'https://git.example/r', project: 'default' };
const blob = (name: string) => ({ name, kind: 'blob' as const, oid: name, executable: false });
const tree = (name: string) => ({ name, kind: 'tree' as const, oid: name, executable: false });

const trees: Record<string, ReturnType<typeof blob | typeof tree>[]> = {
  root: [tree('apps'), tree('chart'), blob('kustomization.yaml'), blob('Chart.yml')],
  apps: [tree('overlay'), blob('a.yaml')],
  overlay: [blob('Kustomization')],
  chart: [blob('Chart.yaml'), tree('charts')],
  charts: [blob('Chart.yaml')],
};

/** Just what the questions read of a mirror. */
const mirror = {
  listRefs: async () =>
    new Map(['refs/tags/v1', 'refs/heads/main', 'refs/heads/a/b', 'refs/pull/1/head', 'HEAD'].map((ref) => [ref, 'x'])),
  resolve: async () => ({ commit: 'c' }),
  rootTree: async () => 'root',
  readTree: async (oid: string) => trees[oid] ?? [],
} as unknown as Mirror;

function questions(sealed: Record<string, string> = {}) {
  const used: string[] = [];
  const ask = createRepositoryQuestions({
    open: async () => mirror,
    openBy: async ({ password }) => {
      used.push(password ?? '');
      return mirror;
    },
    sealed: { get: async (key) => (sealed[key] === undefined ? undefined : Buffer.from(sealed[key])) },
    charts: {
      charts: async ({ access }) => [{ name: `of ${access?.password ?? 'settings'}`, versions: ['1.0.0'] }],
      tags: async () => ['1', '2'],
      checkRegistry: async ({ repoURL }) => {
        used.push(`registry ${repoURL}`);
      },
    },
  });
  return { ask, used };
}

describe('questions about a repository', () => {
  it('names branches and tags, and no other references', async () => {
    const { ask } = questions();
    const found = await ask({ kind: 'repository-refs', ...at }, signal);
    expect(found).toEqual({ branches: ['a/b', 'main'], tags: ['v1'] });
  });

  it('finds folders of charts and kustomizations, none inside a chart', async () => {
    const { ask } = questions();
    expect(await ask({ kind: 'repository-apps', ...at, revision: 'HEAD' }, signal)).toEqual({
      apps: [
        { path: '.', type: 'Kustomize' },
        { path: 'apps/overlay', type: 'Kustomize' },
        { path: 'chart', type: 'Helm' },
      ],
    });
  });

  it('lists charts and tags', async () => {
    const { ask } = questions();
    expect(await ask({ kind: 'repository-charts', ...at }, signal)).toMatchObject({
      charts: [{ name: 'of settings' }],
    });
    expect(await ask({ kind: 'repository-tags', ...at }, signal)).toEqual({ tags: ['1', '2'] });
  });

  it('tries credentials that are sealed and stored nowhere else', async () => {
    const { ask, used } = questions({ k: JSON.stringify({ url: at.repoURL, password: 'tried' }) });
    await ask({ kind: 'repository-test', ...at, type: 'git', accessKey: 'k' }, signal);
    expect(used).toEqual(['tried']);
  });

  it('refuses to test without the credentials it was to try', async () => {
    const { ask } = questions();
    const test = ask({ kind: 'repository-test', ...at, type: 'git', accessKey: 'gone' }, signal);
    await expect(test).rejects.toMatchObject({ retry: 'transient' });
  });

  it('asks the registry for artifacts and for Helm repositories in one', async () => {
    const { ask, used } = questions();
    await ask({ kind: 'repository-test', ...at, type: 'oci' }, signal);
    await ask({ kind: 'repository-test', ...at, type: 'helm', enableOCI: true }, signal);
    await ask({ kind: 'repository-test', ...at, type: 'helm' }, signal);
    expect(used).toEqual([`registry ${at.repoURL}`, `registry ${at.repoURL}`]);
  });
});
