import { describe, expect, test } from 'vitest';
import type { MirrorRig } from './rig.ts';

/** What is refused, and what the errors say. */
export function describeRefuses(rig: MirrorRig): void {
  describe('refuses', () => {
    test('an unknown revision, naming it, the repository and what looks like it', async () => {
      await rig.commit('one');
      await rig.repository.git('branch', 'release-1');
      expect(await rig.refusal('relaese-1')).toMatchObject({
        code: 'GIT_REVISION_NOT_FOUND',
        message: expect.stringMatching(/'relaese-1'.*repository.*'release-1'/),
      });
    });

    test('a SHA that does not exist', async () => {
      await rig.commit('one');
      expect(await rig.refusal('0123456789012345678901234567890123456789')).toMatchObject({
        code: 'GIT_REVISION_NOT_FOUND',
        message: expect.stringContaining('0123456789012345678901234567890123456789'),
      });
      expect(await rig.refusal('0123456')).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
    });

    test('the SHA of something that is no commit', async () => {
      const head = await rig.commit('one');
      const tree = await rig.repository.git('rev-parse', `${head}^{tree}`);
      await rig.commitOf('main');
      expect(await rig.refusal(tree)).toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
    });

    test('a constraint that no tag satisfies', async () => {
      await rig.commit('one');
      await rig.repository.tag('1.0.0');
      expect(await rig.refusal('^9.0.0')).toMatchObject({
        code: 'GIT_REVISION_NOT_FOUND',
        message: expect.stringContaining('^9.0.0'),
      });
    });

    test('everything of an empty repository, saying that it is empty', async () => {
      for (const revision of ['', 'main']) {
        expect(await rig.refusal(revision)).toMatchObject({
          code: 'GIT_REVISION_NOT_FOUND',
          message: expect.stringContaining('empty'),
        });
      }
    });

    test('an abort with its reason, without harm to others', async () => {
      const head = await rig.commit('one');
      const reason = new Error('enough');
      const aborted = rig.mirror.resolve('main', { signal: AbortSignal.abort(reason) });
      const other = rig.commitOf('main');
      await expect(aborted).rejects.toBe(reason);
      expect(await other).toBe(head);
    });
  });
}
