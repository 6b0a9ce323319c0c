import { toYaml } from '@plumbline/manifests';
import { describe, expect, it } from 'vitest';
import { parsePluginConfig } from './plugin-config.ts';

const generate = { command: ['make', 'all'], args: ['-s'] };

function read(spec: object, metadata: object = { name: 'p' }) {
  const file = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ConfigManagementPlugin', metadata, spec };
  return parsePluginConfig(toYaml(file), 'plugin.yaml');
}

describe('a ConfigManagementPlugin', () => {
  it('gives commands with their arguments', () => {
    expect(read({ version: 'v1.0', init: { command: ['a'] }, generate, preserveFileMode: true })).toMatchObject({
      description: { name: 'p', version: 'v1.0', discovery: { kind: 'none' }, inputs: 'repository' },
      init: ['a'],
      generate: ['make', 'all', '-s'],
      preserveFileMode: true,
    });
  });

  it.each<[object, object]>([
    [
      { fileName: '*.x', find: { glob: 'y' } },
      { kind: 'fileName', pattern: '*.x' },
    ],
    [{ find: { glob: '**/y', command: ['z'] } }, { kind: 'glob', pattern: '**/y' }],
    [{ find: { command: ['z'] } }, { kind: 'command' }],
    [{ find: { command: [] } }, { kind: 'none' }],
    [{}, { kind: 'none' }],
  ])('with discovery %j has %j', (discover, expected) => {
    expect(read({ generate, discover }).description.discovery).toEqual(expected);
  });

  it('changes its digest with its content only', () => {
    const digest = (spec: object) => read(spec).description.digest;
    expect(digest({ generate, version: 'v1' })).toBe(digest({ version: 'v1', generate }));
    expect(digest({ generate })).not.toBe(digest({ generate: { command: ['make'] } }));
  });

  it('takes announcements of parameters and what it does not know', () => {
    const parameters = { static: [{ name: 'a', title: 'A', collectionType: 'map' }], dynamic: { command: ['x'] } };
    expect(read({ generate, parameters, lockRepo: true }).generate[0]).toBe('make');
  });

  it('can say that it reads the source folder alone', () => {
    const annotations = { 'plumbline.dev/inputs': 'source' };
    expect(read({ generate }, { name: 'p', annotations }).description.inputs).toBe('source');
  });

  it.each<[string, object, object, RegExp]>([
    ['no generate command', {}, { name: 'p' }, /plugin\.yaml: spec\.generate/],
    ['an empty command', { generate: { command: [] } }, { name: 'p' }, /spec\.generate\.command: is empty/],
    ['arguments that are no text', { generate: { command: ['x', 1] } }, { name: 'p' }, /spec\.generate\.command\.1/],
    ['a name that leaves the folder', { generate }, { name: '../p' }, /metadata\.name: may hold/],
    ['a version that leaves the folder', { generate, version: 'a/b' }, { name: 'p' }, /spec\.version/],
    [
      'unknown inputs',
      { generate },
      { name: 'p', annotations: { 'plumbline.dev/inputs': 'all' } },
      /plumbline\.dev\/inputs is "all"/,
    ],
  ])('with %s is refused', (_case, spec, metadata, message) => {
    expect(() => read(spec, metadata)).toThrow(message);
  });
});
