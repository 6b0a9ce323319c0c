import { expect, it } from 'vitest';
import { buildEnvironment, substitute } from './build-environment.ts';
import { defaultContext } from './test-support/rig.ts';

const environment = { ARGOCD_APP_NAME: 'app', ARGOCD_APP_NAMESPACE: 'ns' };

it.each([
  ['$ARGOCD_APP_NAME', 'app'],
  [`a-\${ARGOCD_APP_NAME}-$ARGOCD_APP_NAMESPACE.yaml`, 'a-app-ns.yaml'],
  ['$$ARGOCD_APP_NAME', '$ARGOCD_APP_NAME'],
  [`[$UNKNOWN] [\${UNKNOWN}]`, '[] []'],
  ['$(id) 5$ $', '$(id) 5$ $'],
  ['$1$*', ''],
  [`\${toString}`, ''],
  [`a\${$}b \${}c`, 'a$b c'],
  [`a\${ARGOCD_APP_NAME \${ARGOCD_APP_NAME}`, 'a'],
  ['a${b', 'ab'],
  ['plain', 'plain'],
])('%s becomes %s', (text, expected) => {
  expect(substitute(text, environment)).toBe(expected);
});

it.each([
  ['a'.repeat(40), 'aaaaaaa', 'aaaaaaaa'],
  ['1.2.3', '1.2.3', '1.2.3'],
])('the build environment of revision %s', (revision, short, short8) => {
  const source = { repoURL: 'https://git.example/r.git', path: './app', targetRevision: 'main' };
  expect(buildEnvironment(source, revision, { ...defaultContext, appName: 'team_app', project: 'p' })).toEqual({
    ARGOCD_APP_NAME: 'team_app',
    ARGOCD_APP_NAMESPACE: 'target',
    ARGOCD_APP_PROJECT_NAME: 'p',
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: short,
    ARGOCD_APP_REVISION_SHORT_8: short8,
    ARGOCD_APP_SOURCE_REPO_URL: 'https://git.example/r.git',
    ARGOCD_APP_SOURCE_PATH: './app',
    ARGOCD_APP_SOURCE_TARGET_REVISION: 'main',
  });
});

it('what a source does not say is empty, not missing', () => {
  const environment = buildEnvironment({ repoURL: 'oci://r.example/c', chart: 'c' }, '1.0.0', defaultContext);
  expect(environment).toMatchObject({ ARGOCD_APP_SOURCE_PATH: '', ARGOCD_APP_SOURCE_TARGET_REVISION: '' });
});
