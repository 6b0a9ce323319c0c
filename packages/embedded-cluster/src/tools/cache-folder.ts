import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GoTool, ModuleFiles, ToolName } from './catalog.ts';

/** Where built tools are kept: `$PLUMB_CACHE`, `$XDG_CACHE_HOME/plumbline` or `~/.cache/plumbline`. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['PLUMB_CACHE']) return env['PLUMB_CACHE'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'plumbline');
  return join(homedir(), '.cache', 'plumbline');
}

/** The folder of a Go module of this package: it holds go.mod, go.sum and the list of programs. */
export function moduleFolder(module: string): string {
  return fileURLToPath(new URL(`../../modules/${module}/`, import.meta.url));
}

/**
 * The file name of a tool in the cache: name, version and a digest of all that decides its bytes (go.mod, go.sum,
 * package, flags or files, platform), so that a changed module is built anew and versions live side by side.
 */
export async function cacheName(name: ToolName, tool: GoTool | ModuleFiles): Promise<string> {
  const folder = moduleFolder(tool.module);
  const sums = await Promise.all(['go.mod', 'go.sum'].map((file) => readFile(join(folder, file))));
  const digest = createHash('sha256');
  for (const sum of sums) digest.update(sum);
  const recipe =
    tool.kind === 'go' ? [tool.package, tool.ldflags, process.platform, process.arch] : [tool.source, ...tool.files];
  digest.update(JSON.stringify(recipe));
  return `${name}-${tool.version}-${digest.digest('hex').slice(0, 12)}${tool.kind === 'files' ? '.yaml' : ''}`;
}
