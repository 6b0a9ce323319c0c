import { describe, expect, test } from 'vitest';
import type { MirrorRig } from './rig.ts';

/** Which commit a revision is. */
export function describeResolves(rig: MirrorRig): void {
  describe('resolves', () => {
    test('a branch, with the ref it came from', async () => {
      const head = await rig.commit('one');
      expect(await rig.mirror.resolve('main')).toEqual({ commit: head, ref: 'refs/heads/main' });
      expect(await rig.textAt(head)).toBe('one');
    });

    test('a branch with a slash in its name', async () => {
      await rig.commit('one');
      await rig.repository.branch('feature/x');
      const head = await rig.commit('two');
      expect(await rig.mirror.resolve('feature/x')).toEqual({ commit: head, ref: 'refs/heads/feature/x' });
    });

    test('a lightweight and an annotated tag to their commit', async () => {
      const first = await rig.commit('one');
      await rig.repository.tag('light');
      await rig.repository.tag('heavy', { message: 'annotated' });
      await rig.commit('two');
      expect(await rig.mirror.resolve('light')).toEqual({ commit: first, ref: 'refs/tags/light' });
      const tag = await rig.repository.git('rev-parse', 'heavy');
      expect(await rig.mirror.resolve('heavy')).toEqual({ commit: first, ref: 'refs/tags/heavy', tag });
      await rig.mirror.ensureCommit(tag);
      expect((await rig.mirror.readSigned(tag)).type).toBe('tag');
      expect((await rig.mirror.readSigned(first)).content.toString()).toMatch(/\n\none\n$/);
      const tree = await rig.mirror.rootTree(first);
      await expect(rig.mirror.readSigned(tree)).rejects.toMatchObject({ code: 'GIT_OBJECT_NOT_FOUND' });
    });

    test('the branch where a tag has the same name, and the tag by its full name', async () => {
      const first = await rig.commit('one');
      await rig.repository.tag('both');
      const second = await rig.commit('two');
      await rig.repository.git('branch', 'both');
      expect(await rig.commitOf('both')).toBe(second);
      expect(await rig.commitOf('refs/tags/both')).toBe(first);
    });

    test("HEAD and nothing to the remote's default branch, whatever its name", async () => {
      await rig.commit('one');
      await rig.repository.branch('trunk');
      const head = await rig.commit('two');
      expect(await rig.mirror.resolve('HEAD')).toEqual({ commit: head, ref: 'refs/heads/trunk' });
      expect(await rig.mirror.resolve('')).toEqual({ commit: head, ref: 'refs/heads/trunk' });
    });

    test('a HEAD that is on no branch', async () => {
      await rig.commit('one');
      await rig.repository.git('checkout', '-q', '--detach');
      const head = await rig.commit('detached');
      expect(await rig.mirror.resolve('')).toEqual({ commit: head });
      expect(await rig.textAt(head)).toBe('detached');
    });

    test('a full SHA, in either case of letters', async () => {
      const first = await rig.commit('one');
      await rig.commit('two');
      expect(await rig.mirror.resolve(first)).toEqual({ commit: first });
      expect(await rig.mirror.resolve(first.toUpperCase())).toEqual({ commit: first });
    });

    test('a short SHA of a tip and of an older commit', async () => {
      const first = await rig.commit('one');
      const second = await rig.commit('two');
      expect(await rig.mirror.resolve(second.slice(0, 7))).toEqual({ commit: second });
      expect(await rig.mirror.resolve(first.slice(0, 9))).toEqual({ commit: first });
    });

    test('a SHA that no branch reaches any more, where the server gives it out', async () => {
      const lost = await rig.commit('lost');
      await rig.repository.git('commit', '-q', '--amend', '-m', 'instead');
      expect(await rig.commitOf(lost)).toBe(lost);
      expect(await rig.textAt(lost)).toBe('lost');
    });

    test('a ref that is neither branch nor tag', async () => {
      await rig.commit('one');
      await rig.repository.branch('topic');
      const topic = await rig.commit('pull request');
      await rig.repository.git('update-ref', 'refs/pull/7/head', topic);
      await rig.repository.branch('main');
      await rig.repository.git('branch', '-D', 'topic');
      expect(await rig.mirror.resolve('refs/pull/7/head')).toEqual({ commit: topic, ref: 'refs/pull/7/head' });
      expect(await rig.commitOf('pull/7/head')).toBe(topic);
      expect(await rig.textAt(topic)).toBe('pull request');
    });

    test('a semver constraint to the highest tag, annotated or not', async () => {
      const ids = new Map<string, string>();
      for (const [index, tag] of ['v1.0.0', 'v2.0.0', 'v1.2.9', 'v1.10.0', 'v3.0.0-rc.1', 'other'].entries()) {
        ids.set(tag, await rig.commit(tag));
        await rig.repository.tag(tag, index % 2 ? { message: tag } : {});
      }
      const resolved = { commit: ids.get('v1.10.0'), ref: 'refs/tags/v1.10.0' };
      expect(await rig.mirror.resolve('1.x')).toMatchObject(resolved);
      expect(await rig.commitOf('~1.2.0')).toBe(ids.get('v1.2.9'));
      expect(await rig.commitOf('*')).toBe(ids.get('v2.0.0'));
      expect(await rig.commitOf('>=3.0.0-0')).toBe(ids.get('v3.0.0-rc.1'));
    });

    test('a constraint among the tags with a prefix', async () => {
      const wanted = await rig.commit('web');
      await rig.repository.tag('web-1.4.0');
      await rig.commit('others');
      await rig.repository.tag('web-1.0.0');
      await rig.repository.tag('api-1.9.0');
      await rig.repository.tag('1.9.9');
      expect(await rig.commitOf('1.*', 'web-')).toBe(wanted);
    });
  });
}
