import { eachLimited } from '../../each-limited.ts';
import { serveCharts } from '../charts.ts';
import type { Line, Setting } from '../setting.ts';

const umbrellas = 200;
const dependencies = Array.from({ length: 10 }, (_, index) => `part-${index}`);

/** Charts that share dependencies of one Helm repository: each is downloaded once for all. */
export async function umbrellaCharts({ server, repository, tools }: Setting, run: string): Promise<Line[]> {
  await using charts = await serveCharts(tools.helm, dependencies, run);
  const repoURL = repository.url;
  const indexes = Array.from({ length: umbrellas }, (_, index) => index);
  const path = (index: number) => `umbrellas/app-${index}`;
  const commit = async (version: string) => {
    for (const index of indexes) {
      const needed = dependencies.map((name) => ({ name, version: '1.0.0', repository: charts.url }));
      const chart = { apiVersion: 'v2', name: `app-${index}`, version, dependencies: needed };
      repository.write(`${path(index)}/Chart.yaml`, chart);
    }
    await repository.commit(`umbrellas ${version}`);
    const revision = await server.resolve(repoURL);
    const before = charts.downloads();
    await eachLimited(indexes, 64, (index) => server.render({ repoURL, path: path(index) }, revision));
    return charts.downloads() - before;
  };
  const what = `${umbrellas} umbrella charts on ${dependencies.length} dependencies`;
  return [
    [what, `${await commit('1.0.0')} downloads`, `${dependencies.length}`],
    [`${what}, after a commit to all`, `${await commit('1.0.1')} downloads`, '0'],
  ];
}
