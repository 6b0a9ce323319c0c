import { toYaml } from '@plumbline/manifests';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataOf, valuesOf, withHelm, writeChart } from '../test-support/chart.ts';
import { createRig, type Rig } from '../test-support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

describe('release', () => {
  it('has the name of the Application, its namespace and the version of the cluster', async () => {
    await writeChart(rig);
    const { type, objects } = await rig.render();
    expect(type).toBe('Helm');
    expect(objects['ConfigMap/dump']?.['data']).toMatchObject({
      release: 'guestbook',
      namespace: 'target',
      kube: 'v1.36.1',
      thing: 'false',
    });
  });

  it('has the name of an Application of another namespace without that: Helm takes no underscore', async () => {
    await writeChart(rig);
    expect(dataOf(await rig.render({ context: { appName: 'team-a_web' } }))).toMatchObject({ release: 'web' });
  });

  it('takes name, namespace and capabilities from the source', async () => {
    await writeChart(rig);
    const helm = {
      releaseName: 'other',
      namespace: 'elsewhere',
      kubeVersion: '1.27.4',
      apiVersions: ['test.example/v9/Thing'],
    };
    expect(dataOf(await rig.render(withHelm(helm)))).toMatchObject({
      release: 'other',
      namespace: 'elsewhere',
      kube: 'v1.27.4',
      thing: 'true',
    });
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
    await writeChart(rig, { templates: { pre: hook('pre-install', 'pre'), test: hook('test', 'try') } });
    const all = Object.keys((await rig.render()).objects).sort();
    const less = Object.keys((await rig.render(withHelm({ skipCrds: true, skipTests: true }))).objects).sort();
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
    await writeChart(rig);
    await expect(rig.render()).rejects.toThrow(/from/);
    expect((await valuesOf(rig, withHelm({ skipSchemaValidation: true })))['from']).toBe('chart');
  });

  it('leaves no objects for empty documents, comments and notes', async () => {
    rig.repository.write('templates/NOTES.txt', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\n');
    await writeChart(rig, {
      templates: {
        many: `# a comment\n---\n{{- if .Values.nothing }}\nkind: Nothing\n{{- end }}\n---\n---\n${toYaml(configMap('one'))}---\n# end\n`,
      },
    });
    expect(Object.keys((await rig.render()).objects).sort()).toEqual(['ConfigMap/dump', 'ConfigMap/one']);
  });

  it('keeps whole numbers of 64 bits', async () => {
    await writeChart(rig, {
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
    await writeChart(rig, { path: 'app', meta: dependencies('file://../charts/sub') });
    const options = { source: { path: 'app' } };
    expect(Object.keys((await rig.render(options)).objects)).toContain('ConfigMap/from-sub');
    const own = ['Chart.yaml', 'templates', 'values.yaml'].map((name) => `app/${name}`);
    expect(await rig.inputs(options)).toEqual([...own, 'charts/sub/Chart.yaml', 'charts/sub/templates']);
  });

  it('that are vendored need nothing else', async () => {
    rig.repository
      .write('charts/sub/Chart.yaml', { apiVersion: 'v2', name: 'sub', version: '1.0.0' })
      .write('charts/sub/templates/a.yaml', configMap('from-sub'));
    await writeChart(rig, { meta: dependencies('https://charts.example') });
    expect(Object.keys((await rig.render()).objects)).toContain('ConfigMap/from-sub');
  });

  it.each(['file://../nowhere', 'file://../../../nowhere', 'https://charts.example'])(
    'that are missing are named: %s',
    async (repository) => {
      await writeChart(rig, { path: 'app', meta: dependencies(repository) });
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
    await writeChart(rig, { templates: { bad: text } });
    const failure = rig.render();
    await expect(failure).rejects.toThrow(needle);
    await expect(failure).rejects.toThrow(/^helm template \.: (?!Error).*bad\.yaml/s);
  });

  it('of inline values name YAML', async () => {
    await writeChart(rig);
    await expect(rig.render(withHelm({ values: 'a: [b\nc: }' }))).rejects.toThrow(/inline-values\.yaml.*yaml/);
  });

  it('that are huge are shortened', async () => {
    await writeChart(rig, { templates: { bad: '{{ fail (repeat 3000 "a very long complaint ") }}' } });
    const failure = await rig.render().catch((error: Error) => error.message);
    expect(failure).toMatch(/a very long complaint/);
    expect((failure as string).length).toBeLessThan(6000);
  });
});

describe('warnings', () => {
  it('name what a chart renders otherwise each time, with file and line', async () => {
    await writeChart(rig, {
      path: 'app',
      templates: {
        secret: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {a: "{{ randAlphaNum 5 }}"}\n',
      },
    });
    const { warnings } = await rig.render({ source: { path: 'app' } });
    expect(warnings).toEqual(['app/templates/secret.yaml:4: randAlphaNum gives another value with each render']);
  });

  it('name what values hold for templates to evaluate, but not what comments show', async () => {
    const values =
      '# with {{ htpasswd "a" "b" }}\nweb:\n  # like {{ uuidv4 }}\n  users: \'{{ htpasswd "me" "word" }}\'\n';
    await writeChart(rig, {
      path: 'app',
      templates: { x: '{{ tpl .Values.web.users . | toJson | printf "# %s" }}\n' },
    });
    await rig.repository.write('app/values.yaml', values).commit();
    const { warnings } = await rig.render({ source: { path: 'app' } });
    expect(warnings).toEqual(['app/values.yaml:4: htpasswd gives another value with each render']);
  });
});
