import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPluginRig, outcome, type PluginRig, printing } from '../test-support/plugin-rig.ts';

let rig: PluginRig;
beforeAll(async () => {
  rig = await createPluginRig();
  rig.repository.write('app/word', 'hello');
  await rig.repository.commit();
  const shown = { word: '$(cat word)', preload: '$LD_PRELOAD', path: '$(test "$PATH" = /evil && echo taken)' };
  await rig.start('p', { generate: printing(shown) });
});
afterAll(() => rig[Symbol.asyncDispose]());

const unharmed = { word: 'hello', preload: '', path: '' };

describe('the name of a plugin', () => {
  it.each([
    ['a path up', '../p'],
    ['a path', './p'],
    ['a file', 'p.sock'],
    ['an absolute path', '/etc/passwd'],
    ['a NUL', 'p\0'],
    ['a long path', `${'../'.repeat(3_000)}p`],
  ])('that is %s opens no other socket', async (_case, name) => {
    const failed = await rig.trace({ plugin: { name } }).then(() => 'found', String);
    expect(failed).toContain('is not available');
    expect(failed.length).toBeLessThan(2_000);
  });
});

describe('variables and parameters of a source', () => {
  it.each<[string, object]>([
    [
      'that name what the system uses',
      { env: ['LD_PRELOAD', 'PATH', 'TMPDIR'].map((name) => ({ name, value: '/evil' })) },
    ],
    [
      'with words of a shell',
      { env: [{ name: 'A', value: '$(touch /tmp/evil); `id`' }], parameters: [{ name: '$(id)', string: '`id`' }] },
    ],
    [
      'with path names',
      {
        parameters: [
          { name: '../../PATH', string: '../../../../etc/passwd' },
          { name: '', string: 'x' },
        ],
      },
    ],
    ['with lines and odd letters', { parameters: [{ name: 'ü\n', map: { 'a\nPATH': '/evil\nPATH=/evil' } }] }],
    ['of functions that a shell would import', { env: [{ name: 'BASH_FUNC_cat%%', value: '() { echo evil; }' }] }],
  ])('%s change nothing but their own', async (_case, plugin) => {
    expect(outcome(await rig.render({ plugin: { name: 'p', ...plugin } }))).toEqual(unharmed);
  });

  it.each<[string, object, RegExp]>([
    ['a name with "="', { env: [{ name: 'A=B', value: '' }] }, /is no environment variable/],
    ['NUL in a value', { env: [{ name: 'A', value: 'a\0b' }] }, /is no environment variable/],
    ['NUL in a parameter', { parameters: [{ name: 'a', array: ['a\0b'] }] }, /is no environment variable/],
    [
      'more than a program can be given',
      { env: [{ name: 'A', value: 'x'.repeat(3_000_000) }] },
      /plugin p: generate .*E2BIG|too (large|long)/,
    ],
  ])('with %s are refused, shortly', async (_case, plugin, message) => {
    const failed = await rig.render({ plugin: { name: 'p', ...plugin } }).then(() => 'rendered', String);
    expect(failed).toMatch(message);
    expect(failed.length).toBeLessThan(2_000);
    expect(await rig.copies()).toEqual([]);
  });
});
