import { join } from 'node:path';
import type { ApplicationSourceHelm } from '@plumbline/apis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareHelm, type HelmComparison } from '../test-support/helm-comparison.ts';
import { variable } from '../test-support/rig.ts';

/** Options of a source against the arguments of `helm template` that they stand for (reference §7.2). */

const long = 'a'.repeat(53);

let comparison: HelmComparison;
beforeAll(async () => {
  comparison = await compareHelm();
}, 600_000);
afterAll(() => comparison?.[Symbol.asyncDispose]());

type Row = [what: string, helm: ApplicationSourceHelm, args: readonly string[] | (() => readonly string[])];

const file = (name: string) => ['--values', name];
const fromOther = (name: string) => file(join(comparison.other, name));

const values: Row[] = [
  ['nothing', {}, []],
  ['valueFiles in order', { valueFiles: ['v/z.yaml', 'v/a.yaml'] }, [...file('v/z.yaml'), ...file('v/a.yaml')]],
  ['a file from the root', { valueFiles: ['/root.yaml'] }, file('../root.yaml')],
  ['a file above the chart', { valueFiles: ['../root.yaml'] }, file('../root.yaml')],
  ['values', { values: 'from: inline\nlist: null\n' }, ['--set', 'from=inline,list=null']],
  [
    'valuesObject over values',
    { values: 'from: text\nother: 1\n', valuesObject: { from: 'object', deep: { two: 2 } } },
    ['--set', 'from=object,deep.two=2'],
  ],
  ['an empty valuesObject over values', { values: 'from: text\n', valuesObject: {} }, []],
  [
    'files with commas and quotes in their names',
    {
      valueFiles: ['w/a,b.yaml', 'w/"c".yaml', '$vals/v,w/d.yaml'],
      fileParameters: [{ name: 'f', path: 'w/a,b.yaml' }],
    },
    ['--set', 'from=d', '--set', 'comma=true', '--set', 'quote=true', '--set-file', 'f=w/a\\,b.yaml'],
  ],
  [
    'files before inline values before parameters before file parameters',
    {
      valueFiles: ['v/z.yaml'],
      values: 'from: inline\nreplicas: 2\n',
      parameters: [
        { name: 'replicas', value: '3' },
        { name: 'both', value: 'parameter' },
      ],
      fileParameters: [{ name: 'both', path: 'file.txt' }],
    },
    [...file('v/z.yaml'), '--set', 'from=inline', '--set', 'replicas=3', '--set-file', 'both=file.txt'],
  ],
  ['a value of a subchart', { parameters: [{ name: 'sub.from', value: 'above' }] }, ['--set', 'sub.from=above']],
];

const globs: Row[] = [
  ['a glob', { valueFiles: ['v/*.yaml'] }, ['v/a.yaml', 'v/b.yaml', 'v/z.yaml'].flatMap(file)],
  ['a question mark', { valueFiles: ['v/?.yaml'] }, ['v/a.yaml', 'v/b.yaml', 'v/z.yaml'].flatMap(file)],
  ['a class', { valueFiles: ['v/[ab].yaml'] }, ['v/a.yaml', 'v/b.yaml'].flatMap(file)],
  ['alternatives beside a star', { valueFiles: ['v/*.{yml,nope}'] }, file('v/x1.yml')],
  [
    'a glob through folders',
    { valueFiles: ['v/**/*.yaml'] },
    ['v/a.yaml', 'v/b.yaml', 'v/deep/er/y.yaml', 'v/z.yaml'].flatMap(file),
  ],
  [
    'a glob and a file of it that is named after it',
    { valueFiles: ['v/*.yaml', 'v/a.yaml'] },
    ['v/b.yaml', 'v/z.yaml', 'v/a.yaml'].flatMap(file),
  ],
  [
    'a glob and a file of it that is named before it',
    { valueFiles: ['v/z.yaml', 'v/*.yaml'] },
    ['v/z.yaml', 'v/a.yaml', 'v/b.yaml'].flatMap(file),
  ],
  ['a glob from the root', { valueFiles: ['/app/v/[ab].yaml'] }, ['v/a.yaml', 'v/b.yaml'].flatMap(file)],
  [
    'a glob of another source',
    { valueFiles: ['$vals/env/*.yaml'] },
    () => ['env/a.yaml', 'env/b.yaml'].flatMap(fromOther),
  ],
  [
    'a glob through folders of another source and a file of it named itself',
    { valueFiles: ['$vals/**/*.yaml', '$vals/env/a.yaml', 'v/a.yaml'] },
    () => [...['env/b.yaml', 'env/deep/c.yaml', 'env/a.yaml'].flatMap(fromOther), ...file('v/a.yaml')],
  ],
  [
    'what may be missing',
    { valueFiles: ['none.yaml', 'v/none*.yaml', '$vals/none/*.yaml', 'v/b.yaml'], ignoreMissingValueFiles: true },
    file('v/b.yaml'),
  ],
];

const parameters: Row[] = [
  ['commas', { parameters: [{ name: 'from', value: 'a,b,c=d' }] }, ['--set', 'from=a\\,b\\,c=d']],
  ['commas that are escaped already', { parameters: [{ name: 'from', value: 'a\\,b' }] }, ['--set', 'from=a\\,b']],
  ['a list', { parameters: [{ name: 'list', value: '{x,y}' }] }, ['--set', 'list={x,y}']],
  [
    'a list of numbers, an empty one',
    {
      parameters: [
        { name: 'list', value: '{1,2}' },
        { name: 'e', value: '{}' },
      ],
    },
    ['--set', 'list={1,2}', '--set', 'e={}'],
  ],
  [
    'a forced list',
    { parameters: [{ name: 'list', value: '{1,2}', forceString: true }] },
    ['--set-string', 'list={1,2}'],
  ],
  [
    'numbers, truths and null',
    {
      parameters: [
        { name: 'replicas', value: '5' },
        { name: 'on', value: 'true' },
        { name: 'deep', value: 'null' },
      ],
    },
    ['--set', 'replicas=5', '--set', 'on=true', '--set', 'deep=null'],
  ],
  [
    'forced strings',
    {
      parameters: [
        { name: 'n', value: '0123', forceString: true },
        { name: 'on', value: 'true', forceString: true },
      ],
    },
    ['--set-string', 'n=0123', '--set-string', 'on=true'],
  ],
  [
    'forced strings after plain ones',
    {
      parameters: [
        { name: 'n', value: '1', forceString: true },
        { name: 'n', value: '2' },
      ],
    },
    ['--set', 'n=2', '--set-string', 'n=1'],
  ],
  [
    'paths, indexes and dots in names',
    { parameters: [{ name: 'deep.list[1].a\\.b/c', value: 'x' }] },
    ['--set', 'deep.list[1].a\\.b/c=x'],
  ],
  ['an empty value', { parameters: [{ name: 'from', value: '' }] }, ['--set', 'from=']],
  [
    'the build environment',
    { parameters: [{ name: 'from', value: `$ARGOCD_APP_NAME ${variable('ARGOCD_APP_PROJECT_NAME')} $NOPE.` }] },
    ['--set', 'from=guestbook default .'],
  ],
  [
    'escaped dollars',
    { parameters: [{ name: 'from', value: `$$ARGOCD_APP_NAME $${variable('x')}` }] },
    ['--set', `from=$ARGOCD_APP_NAME ${variable('x')}`],
  ],
  [
    'the build environment in a file name',
    { valueFiles: ['values-$ARGOCD_APP_NAME.yaml'] },
    file('values-guestbook.yaml'),
  ],
  [
    'no build environment in inline values',
    { values: 'from: $ARGOCD_APP_NAME $$x\n' },
    ['--set', 'from=$ARGOCD_APP_NAME $$x'],
  ],
  ['a file', { fileParameters: [{ name: 'from', path: 'file.txt' }] }, ['--set-file', 'from=file.txt']],
  [
    'a file of another source',
    { fileParameters: [{ name: 'from', path: '$vals/note.txt' }] },
    () => ['--set-file', `from=${join(comparison.other, 'note.txt')}`],
  ],
];

const release: Row[] = [
  ['skipCrds', { skipCrds: true }, ['no crds']],
  ['skipTests', { skipTests: true }, ['--skip-tests']],
  [
    'skipSchemaValidation',
    { skipSchemaValidation: true, values: 'replicas: many\n' },
    ['--skip-schema-validation', '--set', 'replicas=many'],
  ],
  ['kubeVersion', { kubeVersion: '1.27.4' }, ['--kube-version', '1.27.4']],
  ['kubeVersion with a v', { kubeVersion: 'v1.27.4' }, ['--kube-version', 'v1.27.4']],
  [
    'apiVersions',
    { apiVersions: ['test.example/v9/Thing', 'x/v1'] },
    ['--api-versions', 'test.example/v9/Thing', '--api-versions', 'x/v1'],
  ],
  [
    'an API version that looks like a flag',
    { apiVersions: ['--registry-config=/etc/hostname', '--debug'] },
    ['--api-versions=--registry-config=/etc/hostname', '--api-versions=--debug'],
  ],
  ['version, which says nothing any more', { version: 'v3' }, []],
];

describe.each([
  ['values', values],
  ['globs', globs],
  ['parameters', parameters],
  ['release', release],
])('helm template with %s', (_group, rows) => {
  it.each(rows)('%s', async (_what, helm, args) => {
    expect(await comparison.rendered(helm)).toEqual(await comparison.bare(typeof args === 'function' ? args() : args));
  });
});

describe('helm template', () => {
  it('takes no option for a flag of its own', async () => {
    const words = {
      releaseName: '--debug',
      apiVersions: ['--debug'],
      parameters: [{ name: '--debug', value: 'true' }],
    };
    await expect(comparison.rendered(words)).rejects.toThrow(/^helm template app: release name "--debug"[^\n]*$/);
  });

  it.each<[ApplicationSourceHelm, { release?: string; namespace?: string }]>([
    [{ releaseName: 'other' }, { release: 'other' }],
    [{ releaseName: long }, { release: long }],
    [{ namespace: 'elsewhere' }, { namespace: 'elsewhere' }],
  ])('has the name and namespace of %j', async (helm, release) => {
    expect(await comparison.rendered(helm)).toEqual(await comparison.bare([], release));
  });

  it.each<[string, ApplicationSourceHelm, RegExp]>([
    ['a release name that is too long', { releaseName: `${long}a` }, /release name .*(53|length)/is],
    ['a value that the schema refuses', { values: 'replicas: many\n' }, /replicas.*(integer|number)/is],
    [
      'a file parameter that is not there',
      { fileParameters: [{ name: 'a', path: 'none.txt' }] },
      /file parameter none\.txt does not exist/,
    ],
    ['a glob that matches nothing', { valueFiles: ['v/none*.yaml'] }, /v\/none\*\.yaml matches no file/],
    [
      'a glob of another source that matches nothing',
      { valueFiles: ['$vals/none/*.yaml'] },
      /\$vals\/none\/\*\.yaml matches no file/,
    ],
  ])('refuses %s', async (_what, helm, message) => {
    await expect(comparison.rendered(helm)).rejects.toThrow(message);
  });
});
