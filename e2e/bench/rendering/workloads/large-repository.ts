import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configMap, gitRepository } from '@plumbline/testing';
import type { Line, Setting } from '../setting.ts';

const files = 50_000;
const folders = 500;
/** Random bytes, so that Git cannot make them smaller: 300 MB in all. */
const fileBytes = 6_000;
const rendered = 20;

/** A repository that is far larger than what is rendered from it. */
export async function largeRepository({ server }: Setting): Promise<Line[]> {
  await using repository = await gitRepository();
  for (let folder = 0; folder < folders; folder += 1) {
    const path = `data/${folder}`;
    await mkdir(join(repository.folder, path), { recursive: true });
    for (let file = 0; file < files / folders; file += 1)
      await writeFile(join(repository.folder, path, `${file}.bin`), randomBytes(fileBytes));
  }
  for (let app = 0; app < rendered; app += 1) {
    repository.write(`apps/${app}/kustomization.yaml`, { resources: ['all.yaml'] });
    repository.write(`apps/${app}/all.yaml`, [configMap(`settings-${app}`, { app: String(app) })]);
  }
  await repository.commit('all');
  const repoURL = repository.url;
  const renderAll = async () => {
    const revision = await server.resolve(repoURL);
    for (let app = 0; app < rendered; app += 1) await server.render({ repoURL, path: `apps/${app}` }, revision);
  };
  const first = await server.peakMemory(renderAll);
  repository.write('data/0/0.bin', randomBytes(fileBytes).toString('base64'));
  await repository.commit('more');
  const next = await server.peakMemory(renderAll);
  const what = `${files} files and ${(files * fileBytes) / 1e6} MB, resident memory of the repo-server`;
  return [
    [`${what} with Git`, `${first.toFixed(0)} MiB`, '≤ 300 MiB'],
    [`${what} after a commit`, `${next.toFixed(0)} MiB`, '≤ 300 MiB'],
  ];
}
