import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configMap } from '@plumbline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginRig, outcome, type PluginRig, printing } from '../test-support/plugin-rig.ts';

let rig: PluginRig;
beforeEach(async () => {
  rig = await createPluginRig();
  rig.repository.write('app/word', 'hello').write('app/deep/x.toml', 'a = 1').write('common/word', 'shared');
  await rig.repository.commit();
});
afterEach(() => rig[Symbol.asyncDispose]());

const named = (name: string, more: object = {}) => ({ plugin: { name, ...more } });

describe('a plugin', () => {
  it('is run in the source folder of a copy of the repository, after init', async () => {
    const init = { command: ['sh', '-c', 'echo made > made'] };
    await rig.start('p', { init, generate: printing({ word: '$(cat word) $(cat ../common/word) $(cat made)' }) });
    const { traced, objects } = await rig.render(named('p'));
    expect(traced.type).toBe('Plugin');
    expect(outcome({ objects })).toEqual({ word: 'hello shared made' });
    expect(await rig.copies()).toEqual([]);
  });

  it('gets the environment of its container, of the source and of the Application', async () => {
    const shown = ['FROM_POD', 'ARGOCD_ENV_WHO', 'ARGOCD_APP_NAME', 'PARAM_LIST_1', 'PARAM_M_K', 'KUBE_VERSION'];
    const generate = printing(Object.fromEntries(shown.map((name) => [name, `$${name}`])));
    await rig.start('p', { generate }, { env: { FROM_POD: 'pod' } });
    const env = [{ name: 'WHO', value: 'me at $ARGOCD_APP_SOURCE_PATH' }];
    const parameters = [
      { name: 'list', array: ['a', 'b'] },
      { name: 'm', map: { k: 'v' } },
    ];
    expect(outcome(await rig.render(named('p', { env, parameters })))).toEqual({
      FROM_POD: 'pod',
      ARGOCD_ENV_WHO: 'me at app',
      ARGOCD_APP_NAME: 'guestbook',
      PARAM_LIST_1: 'b',
      PARAM_M_K: 'v',
      KUBE_VERSION: '1.36.1',
    });
  });

  it('takes overrides from the repository', async () => {
    rig.repository.write('app/.argocd-source.yaml', { plugin: { env: [{ name: 'X', value: 'overridden' }] } });
    await rig.repository.commit();
    await rig.start('p', { generate: printing({ x: '$ARGOCD_ENV_X' }) });
    const env = [{ name: 'X', value: 'plain' }];
    expect(outcome(await rig.render(named('p', { env })))).toEqual({ x: 'overridden' });
  });

  it('is found by its name with its version, or without where there is one', async () => {
    await rig.start('p', { version: 'v1.0', generate: printing({ v: '1' }) });
    expect(outcome(await rig.render(named('p-v1.0')))).toEqual({ v: '1' });
    expect(outcome(await rig.render(named('p')))).toEqual({ v: '1' });
    await rig.start('p', { version: 'v2.0', generate: printing({ v: '2' }) });
    expect(outcome(await rig.render(named('p-v2.0')))).toEqual({ v: '2' });
    await expect(rig.render(named('p'))).rejects.toThrow(/several versions of plugin p/);
  });

  it.each([
    [true, 'yes'],
    [undefined, 'no'],
  ])('with preserveFileMode %s sees executable files: %s', async (preserveFileMode, expected) => {
    rig.repository.write('app/run.sh', '#!/bin/sh\n');
    await chmod(join(rig.repository.folder, 'app/run.sh'), 0o755);
    await rig.repository.commit();
    const generate = printing({ executable: '$(test -x run.sh && echo yes || echo no)' });
    await rig.start('p', { generate, ...(preserveFileMode ? { preserveFileMode } : {}) });
    expect(outcome(await rig.render(named('p')))).toEqual({ executable: expected });
  });

  it('renders many sources at once, each in a copy of its own', async () => {
    const generate = printing({ who: '$(cat mine)' }, 'echo $ARGOCD_ENV_WHO > mine; ls ..  > seen; sleep 0.1');
    await rig.start('p', { generate });
    const people = Array.from({ length: 16 }, (_, index) => `number ${index}`);
    const rendered = await Promise.all(
      people.map((value) => rig.render(named('p', { env: [{ name: 'WHO', value }] }))),
    );
    expect(rendered.map(outcome)).toEqual(people.map((who) => ({ who })));
  });
});

describe('discovery', () => {
  const generate = printing({ by: 'plugin' });

  it.each<[string, object]>([
    ['a file name', { fileName: './wor*' }],
    ['a glob', { find: { glob: '**/*.toml' } }],
    ['a command', { find: { command: ['sh', '-c'], args: ['find . -name x.toml'] } }],
  ])('by %s claims sources without a type, before charts and kustomizations', async (_case, discover) => {
    rig.repository.write('app/kustomization.yaml', { resources: [] }).write('other/a.yaml', configMap('a'));
    await rig.repository.commit();
    await rig.start('p', { discover, generate });
    const { traced, objects } = await rig.render();
    expect(traced.type).toBe('Plugin');
    expect(outcome({ objects })).toEqual({ by: 'plugin' });
    expect((await rig.trace({ path: 'other' })).type).toBe('Directory');
    expect((await rig.trace({ directory: { recurse: true } })).type).toBe('Directory');
    await expect(rig.trace({ path: 'other', ...named('p') })).rejects.toThrow(/p does not support the source/);
    await expect(rig.trace({ path: 'other', plugin: {} })).rejects.toThrow(/no config management plugin claims/);
  });

  it('takes the first plugin that matches, and leaves plugins without discovery alone', async () => {
    await rig.start('a', { generate: printing({ by: 'a' }) });
    await rig.start('b', { discover: { fileName: 'nothing' }, generate: printing({ by: 'b' }) });
    await rig.start('c', { discover: { fileName: 'word' }, generate: printing({ by: 'c' }) });
    expect(outcome(await rig.render({ plugin: {} }))).toEqual({ by: 'c' });
  });

  it('waits for a plugin that has died, lest its sources be taken for plain folders', async () => {
    const { stop } = await rig.start('p', { discover: { fileName: 'word' }, generate });
    await stop('SIGKILL');
    await expect(rig.trace()).rejects.toMatchObject({ code: 'RENDER_PLUGIN_UNREACHABLE', retry: 'transient' });
    await rig.start('p', { discover: { fileName: 'word' }, generate });
    expect((await rig.trace()).type).toBe('Plugin');
  });
});

describe('the digest', () => {
  const spec = { generate: printing({ a: 'b' }) };

  it('is another one with any commit, parameter, or configuration', async () => {
    const server = await rig.start('p', spec);
    const first = (await rig.trace(named('p'))).digest;
    expect((await rig.trace(named('p'))).digest).toBe(first);
    expect((await rig.trace(named('p', { parameters: [{ name: 'x', string: 'y' }] }))).digest).not.toBe(first);
    const state = await rig.renderer.state();
    await server.stop();
    await rig.start('p', { ...spec, init: { command: ['true'] } });
    expect(await rig.renderer.state()).not.toBe(state);
    expect((await rig.trace(named('p'))).digest).not.toBe(first);
    rig.repository.write('README.md', 'changed');
    await rig.repository.commit();
    expect((await rig.trace(named('p'))).inputs.map(({ path }) => path)).toEqual(['']);
  });

  it('stays over commits elsewhere where the plugin reads the source folder alone', async () => {
    const annotations = { 'plumbline.dev/inputs': 'source' };
    const generate = printing({ word: '$(cat word)', others: '$(ls ..)', revision: '$ARGOCD_APP_REVISION' });
    await rig.start('p', { generate }, { annotations });
    const { traced, objects } = await rig.render(named('p'));
    expect(outcome({ objects })).toEqual({ word: 'hello', others: 'app', revision: '' });
    rig.repository.write('README.md', 'changed');
    await rig.repository.commit();
    expect((await rig.trace(named('p'))).digest).toBe(traced.digest);
    rig.repository.write('app/deep/x.toml', 'a = 2');
    await rig.repository.commit();
    expect((await rig.trace(named('p'))).digest).not.toBe(traced.digest);
  });
});

describe('errors', () => {
  it.each<[string, object, RegExp]>([
    [
      'a failing init',
      { init: { command: ['sh', '-c', 'echo no luck >&2; exit 3'] }, generate: printing({}) },
      /^plugin p: init \(sh -c echo no luck >&2; exit 3\): ended with code 3: no luck$/,
    ],
    [
      'a failing generate, with paths of the repository',
      { generate: { command: ['cat'], args: ['missing'] } },
      /^plugin p: generate \(cat missing\): ended with code 1: cat: .*missing/,
    ],
    ['a missing program', { generate: { command: ['no-such-program'] } }, /the program no-such-program is missing/],
    ['output that is no manifest', { generate: { command: ['echo', 'a: 1'] } }, /plugin p:1/],
  ])('name %s', async (_case, spec, message) => {
    await rig.start('p', spec);
    await expect(rig.render(named('p'))).rejects.toThrow(message);
    expect(await rig.copies()).toEqual([]);
  });

  it('name a plugin that is not there, and those that are', async () => {
    await rig.start('p', { generate: printing({}) });
    await expect(rig.trace(named('q'))).rejects.toThrow(
      expect.objectContaining({
        code: 'RENDER_INVALID_SOURCE',
        message: 'config management plugin q is not available',
        hint: expect.stringContaining('there are p'),
      }),
    );
  });

  it('say how large a source may be', async () => {
    rig.repository.write('app/large', 'x'.repeat(300_000));
    await rig.repository.commit();
    await rig.start('p', { generate: printing({}) }, { env: { PLUMB_PLUGIN_MAX_BYTES: '100000' } });
    await expect(rig.render(named('p'))).rejects.toThrow(/plugin p: the source is larger than 100000 bytes/);
  });
});

describe('a command', () => {
  const limits = { ARGOCD_EXEC_TIMEOUT: '300ms', ARGOCD_EXEC_FATAL_TIMEOUT: '200ms' };
  const limitsOfKill = { ARGOCD_EXEC_FATAL_TIMEOUT: '200ms' };
  const pidFile = () => join(rig.temporary, '..', 'pid');
  const isAlive = async () => {
    const pid = Number(await readFile(pidFile(), 'utf8'));
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return status !== undefined && !/\) Z /.test(status);
  };

  it.each([
    ['', 'is ended by SIGTERM'],
    ['trap "" TERM;', 'is killed where it does not heed SIGTERM'],
  ])('that takes too long (%s) %s', async (trap) => {
    const script = `${trap} echo $$ > ${pidFile()}; echo at work >&2; while :; do sleep 0.05; done`;
    await rig.start('p', { generate: { command: ['sh', '-c', script] } }, { env: limits });
    await expect(rig.render(named('p'))).rejects.toThrow(/generate .* did not finish within 0\.3 s\. at work/);
    expect(await isAlive()).toBe(false);
  });

  it.each([
    ['in its process group', 'sleep 1000 &'],
    ['in a session of its own', 'setsid sleep 1000 &'],
    ['that holds its output open', 'setsid sh -c "sleep 1000; true" &'],
  ])('leaves no child behind %s', async (_case, start) => {
    const generate = printing({ done: 'yes' }, `${start} echo $! > ${pidFile()}`.replace('& echo', '&\necho'));
    await rig.start('p', { generate });
    expect(outcome(await rig.render(named('p')))).toEqual({ done: 'yes' });
    expect(await isAlive()).toBe(false);
  });

  it('changes nothing for others by what it writes, wherever that is in its copy', async () => {
    const write = 'echo x > word; echo x > ../common/word; echo x > ../../beside; echo x > $TMPDIR/t; chmod 0 deep';
    await rig.start('p', { generate: printing({ seen: '$(cat ../common/word; ls ../.. | tr "\\n" " ")' }, '') });
    const before = outcome(await rig.render(named('p')));
    await rig.start('writer', { generate: printing({}, write) });
    await rig.render(named('writer'));
    expect(outcome(await rig.render(named('p')))).toEqual(before);
  });

  it('ends with its server, and its copy is removed', async () => {
    const script = `trap "" TERM; echo $$ > ${pidFile()}; while :; do sleep 0.05; done`;
    const server = await rig.start('p', { generate: { command: ['sh', '-c', script] } }, { env: limitsOfKill });
    const rendering = rig.render(named('p'));
    rendering.catch(() => {});
    await expect.poll(() => readFile(pidFile(), 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
    await server.stop();
    await expect(rendering).rejects.toMatchObject({ code: 'RENDER_PLUGIN_UNREACHABLE' });
    expect(await isAlive()).toBe(false);
    expect(await readdir(rig.temporary)).toEqual([]);
  });

  it('ends when nobody waits for it any more', async () => {
    const script = `echo $$ > ${pidFile()}; exec sleep 1000`;
    await rig.start('p', { generate: { command: ['sh', '-c', script] } });
    const abort = new AbortController();
    const rendering = rig.render(named('p'), { signal: abort.signal });
    await expect.poll(() => readFile(pidFile(), 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
    abort.abort(new Error('not wanted'));
    await expect(rendering).rejects.toThrow('not wanted');
    await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
    await expect.poll(() => rig.copies(), { timeout: 10_000 }).toEqual([]);
  });
});
