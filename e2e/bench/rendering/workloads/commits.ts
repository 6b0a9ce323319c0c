import { join } from 'node:path';
import { eachLimited } from '../../each-limited.ts';
import { bareRuns } from '../bare-runs.ts';
import { overlay, overlayCount, writeBase, writeOverlay } from '../overlays.ts';
import type { Line, Setting } from '../setting.ts';

const asked = 64;
const sample = 20;
const all = Array.from({ length: overlayCount }, (_, index) => index);

/** All overlays are asked for at HEAD, as their Applications would after a commit. */
async function renderAll({ server, repository }: Setting): Promise<void> {
  const repoURL = repository.url;
  const revision = await server.resolve(repoURL);
  await eachLimited(all, asked, (index) => server.render({ repoURL, path: overlay(index) }, revision));
}

/** What commits cost until all overlays know them, in bare builds' CPU. */
export async function commits(setting: Setting): Promise<Line[]> {
  const { repository, server, tools } = setting;
  const folders = all.slice(0, sample).map((index) => join(repository.folder, overlay(index)));
  const bare = await bareRuns(
    folders.map((folder) => [tools.kustomize, 'build', folder]),
    1,
  );
  const line = async (what: string, change: () => void, goal: string): Promise<Line> => {
    change();
    await repository.commit(what);
    const { wall, cpu, renders } = await server.measure(() => renderAll(setting));
    const builds = (cpu / (bare.cpu / sample)).toFixed(0);
    return [`${what}: ${wall.toFixed(1)} s, CPU of ${builds} bare builds`, `${renders} renders`, goal];
  };
  return [
    await line(`${overlayCount} overlays, first render`, () => {}, ''),
    await line('commit to a leaf', () => writeOverlay(repository, 7, 1), '1'),
    await line('commit to a base of 50', () => writeBase(repository, 3, 1), '50'),
    await line('commit to README', () => void repository.write('README.md', 'changed'), '0; CPU ≤ 100 bare builds'),
  ];
}
