import { configMap } from '@plumbline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRig, type Rig } from './test-support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
  await rig.repository
    .write('Apps/Guestbook/a.yaml', configMap('a'))
    .write('chart/Chart.yaml', { apiVersion: 'v2', name: 'c', version: '1.0.0' })
    .write('chart/values-prd.yaml', { a: 1 })
    .commit();
});
afterAll(() => rig?.[Symbol.asyncDispose]());

it.each([
  ['a path in other case', { path: 'apps/guestbook' }, 'there is "Apps/Guestbook"'],
  ['a path with a letter too few', { path: 'Apps/Guestbok' }, 'there is "Apps/Guestbook"'],
  ['a path like none', { path: 'elsewhere' }, /^check path and targetRevision "HEAD"$/],
  ['a file for a path', { path: 'Apps/Guestbook/a.yaml' }, 'directory.include'],
  [
    'a value file of another name',
    { path: 'chart', helm: { valueFiles: ['values-prod.yaml'] } },
    'looked for at chart/values-prod.yaml of the repository, where there is chart/values-prd.yaml',
  ],
  [
    'a value file like none',
    { path: 'chart', helm: { valueFiles: ['/x.yaml'] } },
    /looked for at x\.yaml of the repository$/,
  ],
])('the error of %s says what may have been meant', async (_case, source, hint) => {
  const error = await rig.render({ source }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    hint: typeof hint === 'string' ? expect.stringContaining(hint) : expect.stringMatching(hint),
  });
});
