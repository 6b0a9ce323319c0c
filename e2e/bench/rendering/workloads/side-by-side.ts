import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bareRuns } from '../bare-runs.ts';
import { overlay, writeOverlay } from '../overlays.ts';
import { type Line, type Setting, times } from '../setting.ts';

const revisions = 8;
const overlays = [200, 201, 202, 203];

/** Several revisions of the same folders at one time. */
export async function sideBySide({ server, repository, tools }: Setting): Promise<Line[]> {
  const repoURL = repository.url;
  const requests: { path: string; revision: string }[] = [];
  for (let round = 0; round < revisions; round += 1) {
    for (const index of overlays) writeOverlay(repository, index, 10 + round);
    await repository.commit(`revision ${round}`);
    const revision = await server.resolve(repoURL);
    for (const index of overlays) requests.push({ path: overlay(index), revision });
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
  const what = `${cost.renders} renders of ${revisions} revisions at once, wall of as many bare builds`;
  return [[what, times(cost.wall, (before.wall + after.wall) / 2), '≤ 1.3 ×']];
}
