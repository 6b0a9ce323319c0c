import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheName, defaultCacheFolder, moduleFolder } from './cache-folder.ts';
import { catalog, type GoTool, type ModuleFiles, type ToolName, toolNames } from './catalog.ts';
import { type ToolProgress, toolProgressLine } from './progress.ts';

const built = toolNames.flatMap((name): { name: ToolName; tool: GoTool | ModuleFiles }[] => {
  const tool = catalog[name];
  return tool.kind === 'system' ? [] : [{ name, tool }];
});

test.each(built)('$name has the version that its module pins', async ({ tool }) => {
  const goMod = await readFile(join(moduleFolder(tool.module), 'go.mod'), 'utf8');
  const path = tool.kind === 'go' ? tool.package : tool.source;
  const pinned = goMod
    .split('\n')
    .map((line) => /^(?:require )?\s*(\S+) v(\d\S*)/.exec(line))
    .find((match) => match?.[1] && (path === match[1] || path.startsWith(`${match[1]}/`)));
  expect(pinned?.[2]).toBe(tool.version);
});

test.each(built)('the cache name of $name carries name, version and a digest', async ({ name, tool }) => {
  expect(await cacheName(name, tool)).toMatch(new RegExp(`^${name}-${tool.version}-[0-9a-f]{12}(\\.yaml)?$`));
});

test('another flag is another file in the cache', async () => {
  const { helm } = catalog;
  if (helm.kind !== 'go') throw new Error('helm is built');
  expect(await cacheName('helm', helm)).not.toBe(await cacheName('helm', { ...helm, ldflags: '-s' }));
});

test.each([
  { env: { PLUMB_CACHE: '/a', XDG_CACHE_HOME: '/b' }, folder: '/a' },
  { env: { XDG_CACHE_HOME: '/b' }, folder: '/b/plumbline' },
])('the cache folder for $env is $folder', ({ env, folder }) => {
  expect(defaultCacheFolder(env)).toBe(folder);
});

test('without settings the cache folder lies in the home folder', () => {
  expect(defaultCacheFolder({})).toMatch(/\.cache\/plumbline$/);
});

test.each<[ToolProgress, string | undefined]>([
  [{ tool: 'helm', stage: 'found', seconds: 0, version: '3.1.0' }, undefined],
  [{ tool: 'helm', stage: 'cached', seconds: 0, version: '3.1.0' }, undefined],
  [
    { tool: 'helm', stage: 'building', seconds: 0, version: '3.1.0' },
    'building helm 3.1.0 (once; minutes on a fresh machine)',
  ],
  [{ tool: 'helm', stage: 'building', seconds: 20.2, version: '3.1.0' }, 'building helm 3.1.0: 20 s so far'],
  [{ tool: 'helm', stage: 'built', seconds: 80, version: '3.1.0' }, 'built helm 3.1.0 in 80 s'],
])('progress %o reads "%s"', (event, line) => {
  expect(toolProgressLine(event)).toBe(line);
});
