import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toYaml } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rendered, type RenderOptions, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const dump = `apiVersion: v1
kind: ConfigMap
metadata:
  name: dump
data:
  values: {{ .Values | toJson | quote }}
  release: {{ .Release.Name | quote }}
  namespace: {{ .Release.Namespace | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  thing: {{ .Capabilities.APIVersions.Has "test.example/v9/Thing" | quote }}
`;

interface ChartOptions {
  path?: string;
  values?: object;
  meta?: object;
  templates?: Record<string, string>;
}

/** A chart whose ConfigMap `dump` shows all values as JSON, and the release. */
async function chart({ path = '.', values, meta, templates = {} }: ChartOptions = {}): Promise<string> {
  rig.repository
    .write(`${path}/Chart.yaml`, { apiVersion: 'v2', name: 'thing', version: '1.2.3', ...meta })
    .write(`${path}/values.yaml`, { ...(values ?? { from: 'chart', list: ['a'], deep: { one: 1 } }) })
    .write(`${path}/templates/dump.yaml`, dump);
  for (const [name, text] of Object.entries(templates)) rig.repository.write(`${path}/templates/${name}.yaml`, text);
  return rig.repository.commit();
}

const withOptions = (helm: object, path = '.'): RenderOptions => ({ source: { path, helm } });

function data({ objects }: Rendered, name = 'dump'): Record<string, string> {
  return objects[`ConfigMap/${name}`]?.['data'] as Record<string, string>;
}

async function values(options?: RenderOptions): Promise<Record<string, unknown>> {
  return JSON.parse(data(await rig.render(options))['values'] ?? '');
}

describe('release', () => {
  it('has the name of the Application, its namespace and the version of the cluster', async () => {
    await chart();
    const { type, objects } = await rig.render();
    expect(type).toBe('Helm');
    expect(objects['ConfigMap/dump']?.['data']).toMatchObject({
      release: 'guestbook',
      namespace: 'target',
      kube: 'v1.36.1',
      thing: 'false',
    });
  });

  it('takes name, namespace and capabilities from the source', async () => {
    await chart();
    const helm = {
      releaseName: 'other',
      namespace: 'elsewhere',
      kubeVersion: '1.27.4',
      apiVersions: ['test.example/v9/Thing'],
    };
    expect(data(await rig.render(withOptions(helm)))).toMatchObject({
      release: 'other',
      namespace: 'elsewhere',
      kube: 'v1.27.4',
      thing: 'true',
    });
  });
});

describe('values', () => {
  it('come from the chart, then files, then inline, then parameters', async () => {
    rig.repository.write('f.yaml', { a: 'file', b: 'file', c: 'file' });
    await chart({ values: { a: 'chart', b: 'chart', c: 'chart', d: 'chart' } });
    const helm = {
      valueFiles: ['f.yaml'],
      values: 'b: inline\nc: inline\n',
      parameters: [{ name: 'c', value: 'parameter' }],
    };
    expect(await values(withOptions(helm))).toEqual({ a: 'file', b: 'inline', c: 'parameter', d: 'chart' });
    expect(await values(withOptions({ ...helm, valuesObject: { b: 'object' } }))).toMatchObject({
      b: 'object',
      c: 'parameter',
    });
  });

  it('have files relative to the chart or to the root of the repository', async () => {
    rig.repository
      .write('env/top.yaml', { top: 1 })
      .write('charts/env/near.yaml', { near: 1 })
      .write('etc/passwd', { own: 1 });
    await chart({ path: 'charts/app', values: {} });
    const options = withOptions({ valueFiles: ['/env/top.yaml', '../env/near.yaml', '/etc/passwd'] }, 'charts/app');
    expect(await values(options)).toEqual({ top: 1, near: 1, own: 1 });
    expect(await rig.inputs(options)).toEqual(['charts/app', 'charts/env/near.yaml', 'env/top.yaml', 'etc/passwd']);
  });

  it('have parameters with types unless they are forced to be strings', async () => {
    await chart({ values: { gone: 'default' } });
    const parameters = [
      { name: 'gone', value: 'null' },
      { name: 'n', value: '1' },
      { name: 'fn', value: '1', forceString: true },
      { name: 'comma', value: 'a,b' },
      { name: 'list', value: '{a,b}' },
      { name: 'odd', value: 'a b; touch /tmp/never "q" `id` $$(id) | & > *' },
    ];
    expect(await values(withOptions({ parameters }))).toEqual({
      n: 1,
      fn: '1',
      comma: 'a,b',
      list: ['a', 'b'],
      odd: 'a b; touch /tmp/never "q" `id` $(id) | & > *',
    });
  });

  it('may be missing when told so, and are named when not', async () => {
    rig.repository.write('here.yaml', { from: 'here' });
    await chart();
    const valueFiles = ['absent.yaml', 'here.yaml', 'gone/*.yaml'];
    await expect(rig.render(withOptions({ valueFiles }))).rejects.toThrow(
      /absent\.yaml does not exist at revision [0-9a-f]{40}/,
    );
    const options = withOptions({ valueFiles, ignoreMissingValueFiles: true });
    expect((await values(options))['from']).toBe('here');
    expect(await rig.inputs(withOptions({ valueFiles: ['/gone.yaml'], ignoreMissingValueFiles: true }))).toEqual(['']);
  });

  it('may be globs, sorted; a file named itself keeps its place', async () => {
    rig.repository
      .write('v/a.yaml', { from: 'a' })
      .write('v/z.yaml', { from: 'z' })
      .write('v/deep/y.yaml', { deepest: true });
    await chart();
    expect((await values(withOptions({ valueFiles: ['v/*.yaml'] })))['from']).toBe('z');
    expect((await values(withOptions({ valueFiles: ['v/*.yaml', 'v/a.yaml'] })))['from']).toBe('a');
    expect((await values(withOptions({ valueFiles: ['v/**/*.yaml'] })))['deepest']).toBe(true);
    await expect(rig.render(withOptions({ valueFiles: ['w/*.yaml'] }))).rejects.toThrow(/w\/\*\.yaml matches no file/);
  });

  it('may be fetched from a URL', async () => {
    await chart();
    const server = createServer((_request, response) => response.end('from: the web\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await values(withOptions({ valueFiles: [`http://127.0.0.1:${port}/v.yaml`] }));
    server.close();
    expect(found['from']).toBe('the web');
    await expect(rig.render(withOptions({ valueFiles: ['s3://bucket/v.yaml'] }))).rejects.toThrow(/scheme s3/);
  });

  it('see the build environment, but not inline', async () => {
    rig.repository.write('values-guestbook.yaml', { mine: 1 }).write('guestbook.txt', 'text');
    const revision = await chart({ values: {} });
    const parameters = [
      { name: 'short', value: 'x-${ARGOCD_APP_REVISION_SHORT}' },
      { name: 'escaped', value: '$$ARGOCD_APP_NAME' },
      { name: 'unknown', value: '[$NO_SUCH_THING]' },
      { name: 'path', value: '$ARGOCD_APP_SOURCE_PATH' },
    ];
    const helm = {
      valueFiles: ['values-$ARGOCD_APP_NAME.yaml'],
      fileParameters: [{ name: 'file', path: '${ARGOCD_APP_NAME}.txt' }],
      parameters,
      values: 'inline: $ARGOCD_APP_NAME\n',
    };
    expect(await values(withOptions(helm))).toEqual({
      mine: 1,
      file: 'text',
      short: `x-${revision.slice(0, 7)}`,
      escaped: '$ARGOCD_APP_NAME',
      unknown: '[]',
      path: '.',
      inline: '$ARGOCD_APP_NAME',
    });
  });

  it.each(['../../../../etc/hostname', '/../../../etc/hostname'])(
    'cannot come from outside the repository: %s',
    async (path) => {
      await chart({ path: 'app' });
      await expect(rig.render(withOptions({ valueFiles: [path] }, 'app'))).rejects.toThrow(/outside the repository/);
      await expect(rig.render(withOptions({ fileParameters: [{ name: 'leak', path }] }, 'app'))).rejects.toThrow(
        /outside the repository/,
      );
      await expect(rig.render(withOptions({ valueFiles: [`${path}*`] }, 'app'))).rejects.toThrow(
        /outside the repository/,
      );
    },
  );

  it('of an unknown source are refused by name', async () => {
    await chart();
    await expect(rig.render(withOptions({ valueFiles: ['$values/x.yaml'] }))).rejects.toThrow(/"\$values"/);
  });
});

describe('chart', () => {
  const hook = (kind: string, name: string) =>
    toYaml({ ...configMap(name), metadata: { name, annotations: { 'helm.sh/hook': kind } } });
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.test.example' },
  };

  it('includes CRDs and hooks; CRDs and tests can be left out', async () => {
    rig.repository.write('crds/thing.yaml', crd);
    await chart({ templates: { pre: hook('pre-install', 'pre'), test: hook('test', 'try') } });
    const all = Object.keys((await rig.render()).objects).sort();
    const less = Object.keys((await rig.render(withOptions({ skipCrds: true, skipTests: true }))).objects).sort();
    expect(all).toEqual([
      'ConfigMap/dump',
      'ConfigMap/pre',
      'ConfigMap/try',
      'CustomResourceDefinition/things.test.example',
    ]);
    expect(less).toEqual(['ConfigMap/dump', 'ConfigMap/pre']);
  });

  it('is checked against its schema unless told otherwise', async () => {
    rig.repository.write(
      'values.schema.json',
      JSON.stringify({ type: 'object', properties: { from: { type: 'integer' } } }),
    );
    await chart();
    await expect(rig.render()).rejects.toThrow(/from/);
    expect((await values(withOptions({ skipSchemaValidation: true })))['from']).toBe('chart');
  });

  it('leaves no objects for empty documents, comments and notes', async () => {
    rig.repository.write('templates/NOTES.txt', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\n');
    await chart({
      templates: {
        many: `# a comment\n---\n{{- if .Values.nothing }}\nkind: Nothing\n{{- end }}\n---\n---\n${toYaml(configMap('one'))}---\n# end\n`,
      },
    });
    expect(Object.keys((await rig.render()).objects).sort()).toEqual(['ConfigMap/dump', 'ConfigMap/one']);
  });

  it('keeps whole numbers of 64 bits', async () => {
    await chart({
      values: {},
      templates: {
        x: 'apiVersion: test.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: {big: 9007199254740993}\n',
      },
    });
    expect((await rig.render()).objects['Thing/t']?.['spec']).toEqual({ big: 9007199254740993n });
  });
});

describe('dependencies', () => {
  const dependencies = (repository: string) => ({ dependencies: [{ name: 'sub', version: '1.0.0', repository }] });

  it('on a chart of the same repository are built, and are inputs', async () => {
    rig.repository
      .write('charts/sub/Chart.yaml', { apiVersion: 'v2', name: 'sub', version: '1.0.0' })
      .write('charts/sub/templates/a.yaml', configMap('from-sub'));
    await chart({ path: 'app', meta: dependencies('file://../charts/sub') });
    const options = { source: { path: 'app' } };
    expect(Object.keys((await rig.render(options)).objects)).toContain('ConfigMap/from-sub');
    expect(await rig.inputs(options)).toEqual(['app', 'charts/sub']);
  });

  it('that are vendored need nothing else', async () => {
    rig.repository
      .write('charts/sub/Chart.yaml', { apiVersion: 'v2', name: 'sub', version: '1.0.0' })
      .write('charts/sub/templates/a.yaml', configMap('from-sub'));
    await chart({ meta: dependencies('https://charts.example') });
    expect(Object.keys((await rig.render()).objects)).toContain('ConfigMap/from-sub');
  });

  it.each(['file://../nowhere', 'file://../../../nowhere', 'https://charts.example'])(
    'that are missing are named: %s',
    async (repository) => {
      await chart({ path: 'app', meta: dependencies(repository) });
      await expect(rig.render({ source: { path: 'app' } })).rejects.toThrow(/sub/);
    },
  );
});

describe('errors', () => {
  it.each([
    ['{{ fail "the port is wrong" }}', 'the port is wrong'],
    ['{{ required "say who" .Values.who }}', 'say who'],
    ['{{ nonsense }}', 'nonsense'],
    ['a: b\n c: d\n', 'YAML parse error'],
  ])('of the template %s carry what helm says and the file', async (text, needle) => {
    await chart({ templates: { bad: text } });
    const failure = rig.render();
    await expect(failure).rejects.toThrow(needle);
    await expect(failure).rejects.toThrow(/^helm template \.: (?!Error).*bad\.yaml/s);
  });

  it('of inline values name YAML', async () => {
    await chart();
    await expect(rig.render(withOptions({ values: 'a: [b\nc: }' }))).rejects.toThrow(/inline-values\.yaml.*yaml/);
  });

  it('that are huge are shortened', async () => {
    await chart({ templates: { bad: '{{ fail (repeat 3000 "a very long complaint ") }}' } });
    const failure = await rig.render().catch((error: Error) => error.message);
    expect(failure).toMatch(/a very long complaint/);
    expect((failure as string).length).toBeLessThan(6000);
  });
});
