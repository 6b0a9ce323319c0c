import type { ApplicationSource } from '@plumbline/apis';
import { deployment } from '@plumbline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPluginRig, type PluginRig, printing } from '../test-support/plugin-rig.ts';
import { createRig, type Rig } from '../test-support/rig.ts';
import type { SourceDetails } from './source-details.ts';

describe('a source of a tool', () => {
  let rig: Rig;
  const details = async (source: Partial<ApplicationSource>): Promise<SourceDetails> => {
    const opened = await rig.open({ source });
    return rig.renderer.describe(opened.mirror, opened.commit, opened.source, opened.context, {});
  };
  beforeAll(async () => {
    rig = await createRig();
    rig.repository
      .write('chart/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' })
      .write('chart/values.yaml', '# sizes\nsize: 3\nlist: [a]\n')
      .write('chart/env/prod-values.yml', 'size: 5\n')
      .write('chart/templates/values-map.yaml', '')
      .write('chart/other.yaml', '')
      .write('k/kustomization.yaml', { resources: ['a.yaml'], images: [{ name: 'nginx', newTag: '9' }] })
      .write('k/a.yaml', deployment('a', 'nginx:1'))
      .write('d/a.yaml', deployment('a'));
    await rig.repository.commit();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  it('that is a chart: its values, and the files that hold some', async () => {
    const helm = { valueFiles: ['env/prod-values.yml'], fileParameters: [{ name: 'f', path: 'other.yaml' }] };
    expect(await details({ path: 'chart', helm })).toEqual({
      type: 'Helm',
      helm: {
        valueFiles: ['env/prod-values.yml', 'templates/values-map.yaml', 'values.yaml'],
        values: '# sizes\nsize: 3\nlist: [a]\n',
        parameters: [
          { name: 'size', value: '5' },
          { name: 'list[0]', value: 'a' },
        ],
        fileParameters: [{ name: 'f', path: 'other.yaml' }],
      },
    });
    await expect(details({ path: 'chart', helm: { valueFiles: ['gone.yaml'] } })).rejects.toThrow(/gone\.yaml/);
  });

  it('that is a kustomization: the images that come out', async () => {
    expect(await details({ path: 'k' })).toEqual({ type: 'Kustomize', kustomize: { images: ['nginx:9'] } });
    const kustomize = { images: ['nginx:10'] };
    expect(await details({ path: 'k', kustomize })).toMatchObject({ kustomize: { images: ['nginx:10'] } });
  });

  it('that is a folder: nothing', async () => {
    expect(await details({ path: 'd' })).toEqual({ type: 'Directory', directory: {} });
  });
});

describe('a source of a plugin', () => {
  let rig: PluginRig;
  beforeAll(async () => {
    rig = await createPluginRig();
    rig.repository.write('app/names', '"region"');
    await rig.repository.commit();
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  const generate = printing({});
  const announced = async (name: string) => (await rig.describe({ plugin: { name } })).plugin?.parametersAnnouncement;

  it('announces parameters: what its command finds first, then what its file lists', async () => {
    const dynamic = {
      command: ['sh', '-c'],
      args: [`echo '[{"name": '$(cat names)', "string": "'$ARGOCD_APP_NAME'", "unknown": 1}]'`],
    };
    const listed = { name: 'sizes', title: 'Sizes', required: true, collectionType: 'map', map: { a: '1' } };
    await rig.start('p', { generate, parameters: { static: [listed], dynamic } });
    expect(await announced('p')).toEqual([{ name: 'region', string: 'guestbook' }, listed]);
    await rig.start('q', { generate, parameters: { static: [listed] } });
    expect(await announced('q')).toEqual([listed]);
    await rig.start('r', { generate });
    expect(await announced('r')).toEqual([]);
  });

  it.each([
    ['no-json', 'echo nothing', /plugin no-json: parameters \(spec\.parameters\.dynamic\): printed no JSON/],
    ['no-list', `echo '[{"title": "x"}]'`, /plugin no-list: parameters .*printed what is no announcement: 0\.name/],
    ['broken', 'echo wrong >&2; exit 2', /plugin broken: parameters \(sh -c .*ended with code 2: wrong/],
  ])('%s says what its command did wrong', async (name, script, message) => {
    await rig.start(name, { generate, parameters: { dynamic: { command: ['sh', '-c', script] } } });
    await expect(announced(name)).rejects.toThrow(message);
  });
});
