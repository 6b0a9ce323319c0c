import { describe } from 'vitest';
import { describeFollows } from './contract/follows.ts';
import { describeLives } from './contract/lives.ts';
import { describeReads } from './contract/reads.ts';
import { describeRefuses } from './contract/refuses.ts';
import { describeResolves } from './contract/resolves.ts';
import { type ContractCase, mirrorRig } from './contract/rig.ts';

/** What every backend does over every transport, described against a real repository. */
export function describeMirror(which: ContractCase): void {
  const { backend, transport } = which;
  describe(`a mirror by the ${backend} backend over ${transport}`, { timeout: 30_000 }, () => {
    const rig = mirrorRig(which);
    describeResolves(rig);
    describeRefuses(rig);
    describeFollows(rig);
    describeReads(rig);
    describeLives(rig);
  });
}
