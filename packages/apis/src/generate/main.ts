import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crdFiles } from './crd-files.ts';

/** Writes `deploy/crds/*.yaml`. */
const folder = join(import.meta.dirname, '../../../../deploy/crds');
await mkdir(folder, { recursive: true });
for (const { name, text } of crdFiles()) {
  await writeFile(join(folder, name), text);
  console.log(`wrote deploy/crds/${name}`);
}
