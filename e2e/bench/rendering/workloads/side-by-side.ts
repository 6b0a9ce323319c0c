import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { median } from '../../statistics.ts';
import { bareRuns } from '../bare-runs.ts';
import { overlay, writeOverlay } from '../overlays.ts';
import { type Line, type Setting, times } from '../setting.ts';

const revisions = 8;
const overlays = [200, 201, 202, 203];

/** The first shows an engine that may just have been started. */
const rounds = 5;

/** Several revisions of the same folders at one time: as many times as long as bare builds. */
async function round({ server, repository, tools }: Setting, number: number): Promise<number> {
  const repoURL = repository.url;
  const requests: { path: string; revision: string }[] = [];
  for (let index = 0; index < revisions; index += 1) {
    for (const folder of overlays) writeOverlay(repository, folder, 10 + number * revisions + index);
    await repository.commit(`revision ${number} ${index}`);
    const revision = await server.resolve(repoURL);
    for (const folder of overlays) requests.push({ path: overlay(folder), revision });
  }
  const bare = () =>
    bareRuns(
      requests.map(({ path }) => [tools.kustomize, 'build', join(repository.folder, path)]),
      availableParallelism(),
    );
  const before = await bare();
  const cost = await server.measure(async () => {
    await Promise.all(requests.map(({ path, revision }) => server.render({ repoURL, path }, revision)));
  });
  const after = await bare();
  if (cost.renders !== requests.length) throw new Error(`${cost.renders} renders of ${requests.length} were run`);
  return (2 * cost.wall) / (before.wall + after.wall);
}

/** Simultaneous renders of several revisions beside as many bare builds on the same cores. */
export async function sideBySide(setting: Setting): Promise<Line[]> {
  const ratios: number[] = [];
  for (let number = 0; number < rounds; number += 1) ratios.push(await round(setting, number));
  const what = `${revisions * overlays.length} renders of ${revisions} revisions at once, wall of as many bare builds`;
  return [
    [`${what}, median of ${rounds} rounds`, times(median(ratios), 1), '≤ 1.3 ×'],
    [`${what}, first round`, times(ratios[0] ?? 0, 1), ''],
  ];
}
