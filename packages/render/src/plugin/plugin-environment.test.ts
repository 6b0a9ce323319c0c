import { expect, it } from 'vitest';
import { type PluginEnvironmentOptions, pluginEnvironment } from './plugin-environment.ts';

const build = { ARGOCD_APP_NAME: 'shop', ARGOCD_APP_REVISION: 'abc', ARGOCD_APP_REVISION_SHORT: 'ab' };
const environment = (options: Partial<PluginEnvironmentOptions> = {}) =>
  pluginEnvironment({
    plugin: {},
    build,
    kubeVersion: '1.36.1',
    apiVersions: ['v1', 'apps/v1'],
    inputs: 'repository',
    ...options,
  });

it('holds the build environment and what the destination cluster is', () => {
  expect(environment()).toEqual({
    ...build,
    KUBE_VERSION: '1.36.1',
    KUBE_API_VERSIONS: 'v1,apps/v1',
    ARGOCD_APP_PARAMETERS: '[]',
  });
});

it('says nothing of parameters where the plugin was discovered without options', () => {
  expect(environment({ plugin: undefined })).not.toHaveProperty('ARGOCD_APP_PARAMETERS');
});

it('prefixes the variables of the source, and fills in what they refer to', () => {
  const env = [
    { name: 'PATH', value: '/evil' },
    { name: 'WHO', value: 'I am $ARGOCD_APP_NAME on $KUBE_VERSION for $$5' },
  ];
  const variables = environment({ plugin: { env } });
  expect(variables).toMatchObject({ ARGOCD_ENV_PATH: '/evil', ARGOCD_ENV_WHO: 'I am shop on 1.36.1 for $5' });
  expect(variables).not.toHaveProperty('PATH');
});

it('gives parameters as JSON and one by one', () => {
  const parameters = [
    { name: 'values-files', array: ['a.yaml', 'b.yaml'] },
    { name: 'helm.parameters', map: { 'image.tag': '1', name: 'x' } },
    { name: 'empty', string: '' },
  ];
  expect(environment({ plugin: { parameters } })).toMatchObject({
    ARGOCD_APP_PARAMETERS:
      '[{"array":["a.yaml","b.yaml"],"name":"values-files"},' +
      '{"map":{"image.tag":"1","name":"x"},"name":"helm.parameters"},{"name":"empty","string":""}]',
    PARAM_VALUES_FILES_0: 'a.yaml',
    PARAM_VALUES_FILES_1: 'b.yaml',
    PARAM_HELM_PARAMETERS_IMAGE_TAG: '1',
    PARAM_HELM_PARAMETERS_NAME: 'x',
    PARAM_EMPTY: '',
  });
});

it('leaves the revision out where the source folder is all that a plugin reads', () => {
  expect(Object.keys(environment({ inputs: 'source' })).sort()).toEqual([
    'ARGOCD_APP_NAME',
    'ARGOCD_APP_PARAMETERS',
    'KUBE_API_VERSIONS',
    'KUBE_VERSION',
  ]);
});

it.each([
  ['a name with "="', { name: 'A=B', value: 'x' }],
  ['a value with NUL', { name: 'A', value: 'x\0y' }],
])('refuses %s', (_case, variable) => {
  expect(() => environment({ plugin: { env: [variable] } })).toThrow(/is no environment variable/);
});
