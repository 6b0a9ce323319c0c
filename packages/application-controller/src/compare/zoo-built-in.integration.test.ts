import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeObject, parseManifests } from '@plumbline/manifests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindName, openZoo, type Zoo } from '../test-support/zoo.ts';

const objects = ['built-in.yaml', 'other-kinds.yaml']
  .map((name) => join(import.meta.dirname, '../../testdata/zoo', name))
  .flatMap((file) => parseManifests(readFileSync(file, 'utf8'), { file }).objects);

let zoo: Zoo;

beforeAll(async () => {
  zoo = await openZoo();
}, 600_000);

afterAll(async () => {
  for (const object of objects) if (object.metadata.name?.includes('zoo')) await zoo.remove(object);
  await zoo?.[Symbol.asyncDispose]();
});

const labelled = (object: KubeObject, value: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, zoo: value } },
});

const ofTheServer: ReadonlySet<string> = new Set(['default', 'normal-form', 'webhook-or-controller']);

describe.each(objects.map((object) => [`${kindName(object)} ${object.metadata.name}`, object] as const))(
  '%s',
  (_name, object) => {
    it('is Synced after a sync, at once and for good; a change by hand is seen and told', async () => {
      const target = await zoo.place(labelled(object, 'a'));
      await zoo.sync(target);
      const synced = await zoo.compare(target);
      expect(synced.explanation.filter(({ counts }) => counts)).toEqual([]);
      expect(synced.outOfSync).toBe(false);

      await zoo.change(target, { metadata: { labels: { zoo: 'b' } } }, 'kubectl-edit');
      const edited = await zoo.compare(target);
      expect(edited.explanation.filter(({ counts }) => counts)).toMatchObject([
        { path: '/metadata/labels/zoo', target: 'a', live: 'b', class: 'human-edit', manager: 'kubectl-edit' },
      ]);
      const uncounted = edited.explanation.filter(({ counts }) => !counts).map((item) => item.class);
      expect(uncounted.filter((cause) => !ofTheServer.has(cause))).toEqual([]);

      await zoo.sync(target);
      expect((await zoo.compare(target)).outOfSync).toBe(false);
    });
  },
);
