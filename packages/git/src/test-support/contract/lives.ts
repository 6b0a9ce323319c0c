import { expect, test } from 'vitest';
import type { MirrorRig } from './rig.ts';

/** What a mirror does without its remote, for the next process, and once it is closed. */
export function describeLives(rig: MirrorRig): void {
  test('ensureCommit brings a commit once and needs no remote for it again', async () => {
    const head = await rig.commit('one');
    await rig.mirror.ensureCommit(head);
    rig.server?.failWith(500);
    await rig.mirror.ensureCommit(head);
    expect(await rig.textAt(head)).toBe('one');
    rig.server?.recover();
    await expect(rig.mirror.ensureCommit('main')).rejects.toMatchObject({ code: 'GIT_REVISION_NOT_FOUND' });
  });

  test('is found again by the next process', async () => {
    const head = await rig.commit('one');
    await rig.commitOf('main');
    await rig.reopen();
    expect(await rig.commitOf('main')).toBe(head);
    expect(await rig.textAt(head)).toBe('one');
  });

  test('answers nothing once it is closed', async () => {
    const head = await rig.commit('one');
    await rig.commitOf('main');
    await rig.mirror.close();
    await expect(rig.mirror.resolve('main')).rejects.toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
    await expect(rig.mirror.rootTree(head)).rejects.toMatchObject({ code: 'GIT_MIRROR_CLOSED' });
  });
}
