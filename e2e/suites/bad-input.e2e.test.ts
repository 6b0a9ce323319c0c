import type { ApplicationSpec } from '@plumbline/apis';
import { type ApplicationOptions, configMap, eventually, gitHttpServer } from '@plumbline/testing';
import { describe, expect, test } from 'vitest';
import { type Context, type Files, given } from '../fixture/context.ts';
import {
  at,
  condition,
  healthy,
  operation,
  outOfSync,
  synced,
  unknownSync,
  untroubled,
} from '../fixture/expectations.ts';

const brokenYaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {wrong indent\n';
const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
};
const automated = { automated: true };

interface Case {
  what: string;
  files: Files;
  options?: Partial<ApplicationOptions>;
  /** What the condition must say. */
  says: RegExp;
  /** How the files are mended. */
  fix: Files | ((context: Context) => Promise<unknown>);
}

const renderErrors: Case[] = [
  {
    what: 'an unknown revision',
    files: { 'a.yaml': configMap('a') },
    options: { targetRevision: 'release-7' },
    says: /release-7/,
    fix: ({ repository }) => repository.tag('release-7'),
  },
  {
    what: 'a missing path',
    files: { 'README.md': 'nothing yet' },
    options: { path: 'envs/prod' },
    says: /envs\/prod/,
    fix: { 'envs/prod/a.yaml': configMap('a') },
  },
  {
    what: 'broken YAML',
    files: { 'good.yaml': configMap('good'), 'broken.yaml': brokenYaml },
    says: /broken\.yaml.*\b5\b/s,
    fix: { 'broken.yaml': configMap('a') },
  },
  {
    what: 'a kustomize error',
    files: { 'kustomization.yaml': 'resources: [not-there.yaml]\n' },
    says: /not-there\.yaml/,
    fix: { 'not-there.yaml': configMap('a') },
  },
  {
    what: 'a helm template error',
    files: { ...chart, 'templates/bad.yaml': '{{ fail "choose a port" }}\n' },
    says: /templates\/bad\.yaml.*choose a port/s,
    fix: { 'templates/bad.yaml': null },
  },
];

describe.concurrent('an Application', () => {
  test.for(renderErrors)('with $what says where it is, and picks up the fix', async ({ files, options, says, fix }) => {
    await using context = await given(files);
    const app = await context.application({ ...automated, ...options });
    await app.becomes(unknownSync, condition('ComparisonError', says));
    if (typeof fix === 'function') await fix(context);
    else await context.commit(fix);
    await app.refresh();
    await app.becomes(synced, healthy, untroubled);
  });

  test('of an unknown kind names it, syncs nothing else, and picks up the fix', async () => {
    const unknown = { apiVersion: 'nowhere.example.org/v1', kind: 'Mystery', metadata: { name: 'thing' } };
    await using context = await given({ 'a.yaml': configMap('a'), 'thing.yaml': unknown });
    const app = await context.application({ spec: { syncPolicy: { automated: {}, retry: { limit: 0 } } } });
    const { status } = await app.becomes(outOfSync, operation('Failed'), condition('SyncError'));
    expect(status?.operationState?.syncResult?.resources).toContainEqual(
      expect.objectContaining({ kind: 'Mystery', status: 'SyncFailed', message: expect.stringMatching(/Mystery/) }),
    );
    expect(await context.live('ConfigMap', 'a')).toBeNull();
    await context.commit({ 'thing.yaml': null });
    await app.refresh();
    await app.becomes(synced, healthy, untroubled);
  });

  test('that its project forbids the namespace says so, and picks up the changed project', async () => {
    await using context = await given({ 'a.yaml': configMap('a') });
    const { kube, engine, namespace } = context;
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', name: namespace };
    const destinations = [{ server: '*', namespace: 'elsewhere' }];
    const metadata = { name: namespace, namespace: engine.namespace };
    await kube.create({ ...project, metadata, spec: { sourceRepos: ['*'], destinations } });
    const app = await context.application({
      ...automated,
      spec: { project: namespace } satisfies Partial<ApplicationSpec>,
    });
    await app.becomes(condition('InvalidSpecError', namespace));
    expect(await context.live('ConfigMap', 'a')).toBeNull();
    const ref = { ...project, namespace: engine.namespace };
    await kube.patch(ref, { spec: { destinations: [{ server: '*', namespace }] } }, { type: 'merge' });
    await app.becomes(synced, healthy, untroubled);
    await app.delete();
    await app.disappears();
    await kube.delete(ref, { propagationPolicy: 'Background' });
  });

  test('with a manifest for a forbidden namespace names it', async () => {
    await using context = await given();
    const { kube, engine, namespace } = context;
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
    const metadata = { name: namespace, namespace: engine.namespace };
    await kube.create({
      ...project,
      metadata,
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace }] },
    });
    const stray = { ...configMap('stray'), metadata: { name: 'stray', namespace: 'default' } };
    await context.commit({ 'a.yaml': stray });
    const app = await context.application({ spec: { project: namespace } });
    await app.becomes({ what: 'compared', holds: ({ status }) => status?.sync !== undefined });
    await app.sync();
    const state = await app.completes();
    expect(state.phase).toBe('Failed');
    expect(JSON.stringify(state)).toContain('namespace default is not permitted in project');
    await app.delete();
    await app.disappears();
    await kube.delete({ ...project, ...metadata }, { propagationPolicy: 'Background' });
  });

  test('of an unreachable repository says so, and goes on when it is back', async () => {
    await using context = await given({ 'a.yaml': configMap('a') });
    const { folder } = context.repository;
    await using server = await gitHttpServer({ folder });
    server.failWith(503);
    const repoURL = server.repositoryUrl({ folder });
    const app = await context.application({ ...automated, repoURL });
    await app.becomes(unknownSync, condition('ComparisonError', /503/));
    server.recover();
    await app.refresh();
    await app.becomes(synced, healthy, untroubled);
  });
});

test('broken Applications and a repository that never answers do not delay the others', async () => {
  await using context = await given({ 'good/a.yaml': configMap('a', { version: '1' }), 'bad/b.yaml': brokenYaml });
  await using silent = await given({ 'a.yaml': configMap('a') });
  const { folder } = silent.repository;
  await using server = await gitHttpServer({ folder });
  server.hang();
  const repoURL = server.repositoryUrl({ folder });
  await Promise.all([
    ...[1, 2, 3, 4].map(() => silent.application({ ...automated, repoURL })),
    ...[1, 2, 3, 4].map(() => context.application({ ...automated, path: 'bad' })),
  ]);
  await eventually(() => server.requests.length > 0, { what: 'the silent server to be asked' });

  const started = performance.now();
  const good = await context.application({ ...automated, path: 'good' });
  await good.becomes(synced, healthy);
  const revision = await context.commit({ 'good/a.yaml': configMap('a', { version: '2' }) });
  await good.refresh();
  await good.becomes(synced, at(revision));
  expect(performance.now() - started).toBeLessThan(15_000);
  server.recover();
});
