import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type ImportEdge, violation } from './rules.ts';

const root = resolve(import.meta.dirname, '../../../..');
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function edges(owner: string, folder: string): ImportEdge[] {
  return sourceFiles(folder).flatMap((file) => {
    const isTest = /\.test\.tsx?$|\/testdata\/|\/test-support\//.test(file);
    return [...readFileSync(file, 'utf8').matchAll(importPattern)].map((match) => ({
      from: owner,
      file: relative(root, file),
      specifier: match[1] ?? match[2] ?? match[3] ?? '',
      isTest,
    }));
  });
}

/** What a package exports beside the whole. */
function entrancesOf(name: string): string[] {
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
    exports?: Record<string, string>;
  };
  const parts = Object.keys(exports).filter((path) => path.startsWith('./'));
  return parts.map((path) => `@plumbline/${name}${path.slice(1)}`);
}

const packages = readdirSync(join(root, 'packages'));
const entrances = new Set(packages.flatMap(entrancesOf));
const all = [
  ...packages.flatMap((name) => edges(name, join(root, 'packages', name, 'src'))),
  ...edges('e2e', join(root, 'e2e')),
];
const broken = all.flatMap((edge) => {
  const why = violation(edge, entrances);
  return why ? [`${edge.file} imports ${edge.specifier}: ${why}`] : [];
});
for (const line of broken) console.error(line);
console.log(`layers: ${all.length} imports, ${broken.length} against the rules`);
process.exitCode = broken.length > 0 ? 1 : 0;
