import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { plumb as run, useOwnConfiguration } from '../test-support/run-plumb.ts';

const home = useOwnConfiguration();
const plumb = (...args: string[]) => run({}, ['admin', ...args]);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, generation: 2}
spec: {replicas: 2, template: {spec: {containers: [{name: c, image: i}]}}}
status: {observedGeneration: 1}
`;
const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: mine}
data:
  timeout.reconciliation: soon
  kustomize.buildOptions: --enable-helm
  resource.customizations.ignoreDifferences.apps_Deployment: |
    jsonPointers: [/spec/replicas]
    jqPathExpressions: ['.spec.template.spec.containers[].image']
  resource.customizations.health.apps_Deployment: |
    return {status = 'Suspended', message = 'so'}
`;

async function file(name: string, text: string): Promise<string> {
  const path = join(home(), name);
  await writeFile(path, text);
  return path;
}

describe('plumb admin settings', () => {
  it('names a setting that cannot be used, by group', async () => {
    const cm = await file('cm.yaml', configMap);
    const { code, out } = await plumb('settings', 'validate', '--argocd-cm-path', cm);
    expect(code).toBe(1);
    expect(out).toMatch(/wrong +general\n +ConfigMap argocd-cm, timeout\.reconciliation/);
    expect(out).toMatch(/ok +kustomize: build options: --enable-helm/);
    const one = await plumb('settings', 'validate', '--argocd-cm-path', cm, '--group', 'kustomize');
    expect([one.code, one.out]).toEqual([0, 'ok     kustomize: build options: --enable-helm\n']);
    expect((await plumb('settings', 'validate')).err).toContain('--load-cluster-settings');
  });

  it('tries rules for kinds out', async () => {
    const cm = await file('cm.yaml', configMap);
    const object = await file('web.yaml', deployment);
    const overrides = (verb: string, ...more: string[]) =>
      plumb('settings', 'resource-overrides', verb, object, ...more);
    expect((await overrides('health')).out).toContain('STATUS: Progressing');
    expect((await overrides('health', '--argocd-cm-path', cm)).out).toBe('STATUS: Suspended\nMESSAGE: so\n');
    expect((await overrides('ignore-differences', '--argocd-cm-path', cm)).out).toBe(
      'Following fields are ignored:\n\n- spec.replicas: 2\n- spec.template.spec.containers[0].image: "i"\n',
    );
    expect((await overrides('list-actions')).out).toMatch(/^restart +false$/m);
    expect((await overrides('run-action', 'scale', '--param', 'replicas=3')).out).toContain(
      '- spec.replicas: 2\n+ spec.replicas: 3\n',
    );
  });
});

describe('plumb admin … generate-spec', () => {
  it('prints declarations', async () => {
    const flags = ['--repo', 'https://g/x', '--path', 'p', '--dest-name', 'in-cluster', '--tag-prefix', 'web/'];
    expect(load((await plumb('app', 'generate-spec', 'web', ...flags)).out)).toMatchObject({
      kind: 'Application',
      spec: { source: { path: 'p', tagPrefix: 'web/' }, destination: { name: 'in-cluster' }, project: 'default' },
    });
    const accounts = ['--dest-service-accounts', 'https://k,shop,bot', '--allow-cluster-resource', '/Namespace/team-*'];
    expect(load((await plumb('proj', 'generate-spec', 'shop', ...accounts)).out)).toMatchObject({
      kind: 'AppProject',
      spec: {
        destinationServiceAccounts: [{ server: 'https://k', namespace: 'shop', defaultServiceAccount: 'bot' }],
        clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'team-*' }],
      },
    });
    const repo = ['https://g/x', '--username', 'u', '--password', 'p', '-o', 'json'];
    expect(JSON.parse((await plumb('repo', 'generate-spec', ...repo)).out)).toMatchObject({
      kind: 'Secret',
      metadata: { labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
      stringData: { url: 'https://g/x', username: 'u', password: 'p', type: 'git' },
    });
  });

  it('describes what is hydrated in place of a source', async () => {
    const flags = ['--dry-source-repo', 'https://g/x', '--dry-source-path', 'p', '--sync-source-branch', 'env/a'];
    const { out } = await plumb('app', 'generate-spec', 'web', ...flags, '--sync-source-path', 'web');
    expect(load(out)).toMatchObject({
      spec: {
        sourceHydrator: {
          drySource: { repoURL: 'https://g/x', path: 'p', targetRevision: 'HEAD' },
          syncSource: { targetBranch: 'env/a', path: 'web' },
        },
      },
    });
    expect(load(out)).not.toHaveProperty('spec.source');
  });

  it('writes back to the file that it completes', async () => {
    const path = await file('app.yaml', 'metadata: {name: web}\nspec: {source: {repoURL: r}}\n');
    expect((await plumb('app', 'generate-spec', '-f', path, '--path', 'p', '--inline')).code).toBe(0);
    expect(load(await readFile(path, 'utf8'))).toHaveProperty('spec.source', { repoURL: 'r', path: 'p' });
  });
});
