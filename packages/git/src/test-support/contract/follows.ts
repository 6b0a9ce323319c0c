import { describe, expect, test } from 'vitest';
import type { MirrorRig } from './rig.ts';

/** What changes of the remote do. */
export function describeFollows(rig: MirrorRig): void {
  describe('follows the remote', () => {
    test('to a new commit at the next resolve', async () => {
      const seen: string[] = [];
      const made: string[] = [];
      for (const text of ['one', 'two', 'three']) {
        made.push(await rig.commit(text));
        seen.push(await rig.commitOf('main'));
        expect(await rig.textAt(seen.at(-1) ?? '')).toBe(text);
      }
      expect(seen).toEqual(made);
    });

    test('through a forced push, and keeps the old commit readable', async () => {
      await rig.commit('one');
      const old = await rig.commit('two');
      await rig.commitOf('main');
      await rig.repository.git('reset', '-q', '--hard', 'HEAD~1');
      const fresh = await rig.commit('two, rewritten');
      expect(await rig.commitOf('main')).toBe(fresh);
      expect(await rig.textAt(fresh)).toBe('two, rewritten');
      expect(await rig.textAt(old)).toBe('two');
    });

    test('when a branch is deleted, also for a branch below its name', async () => {
      await rig.commit('one');
      await rig.repository.git('branch', 'gone');
      await rig.commitOf('gone');
      await rig.repository.git('branch', '-D', 'gone');
      expect(await rig.refusal('gone')).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
      await rig.repository.branch('gone/below');
      const head = await rig.commit('below');
      expect(await rig.commitOf('gone/below')).toBe(head);
    });

    test('when a tag moves', async () => {
      await rig.commit('one');
      await rig.repository.tag('stable');
      await rig.commitOf('stable');
      const second = await rig.commit('two');
      await rig.repository.tag('stable', { force: true });
      expect(await rig.commitOf('stable')).toBe(second);
      expect(await rig.textAt(second)).toBe('two');
    });

    test('after it has packed its objects anew', async () => {
      const first = await rig.commit('one');
      await rig.commitOf('main');
      await rig.commit('two');
      await rig.repository.git('gc', '-q', '--prune=now');
      const head = await rig.commitOf('main');
      expect([await rig.textAt(first), await rig.textAt(head)]).toEqual(['one', 'two']);
    });

    test('with all its refs, tags peeled', async () => {
      const head = await rig.commit('one');
      await rig.repository.tag('heavy', { message: 'annotated' });
      await rig.repository.git('pack-refs', '--all');
      await rig.repository.git('branch', 'other');
      expect(await rig.mirror.listRefs()).toEqual(
        new Map([
          ['refs/heads/main', head],
          ['refs/heads/other', head],
          ['refs/tags/heavy', head],
        ]),
      );
    });
  });
}
