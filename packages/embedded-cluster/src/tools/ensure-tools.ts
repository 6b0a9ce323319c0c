import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { takeBuildLock } from './build-lock.ts';
import { buildGoTool, copyModuleFiles } from './build-tool.ts';
import { cacheName, defaultCacheFolder } from './cache-folder.ts';
import { catalog, type GoTool, type ModuleFiles, type SystemTool, type ToolName, toolNames } from './catalog.ts';
import { findOnPath } from './find-on-path.ts';
import type { ToolProgressListener, ToolStage } from './progress.ts';
import { installPackage, missing } from './system-packages.ts';

export interface EnsureToolsOptions<Name extends ToolName = ToolName> {
  /** Default: all. They are built in the order of `toolNames`, whatever the order here. */
  names?: readonly Name[];
  /** Default {@link defaultCacheFolder}. */
  cacheFolder?: string;
  onProgress?: ToolProgressListener;
  signal?: AbortSignal;
}

interface Context {
  cacheFolder: string;
  signal: AbortSignal | undefined;
  tell(stage: ToolStage, version: string): void;
}

/**
 * Absolute paths of the tools: from PATH where the version is right, else from the cache folder, else built with Go
 * (one build at a time, also over several processes) or installed by the system's package manager.
 * Safe to call again and at the same time from several processes; a call that was broken off is taken up by the next.
 * Throws `EMBEDDED_GO_MISSING`, `EMBEDDED_BUILD_FAILED` or `EMBEDDED_TOOL_MISSING`, each with what to do.
 */
export async function ensureTools<Name extends ToolName = ToolName>(
  options: EnsureToolsOptions<Name> = {},
): Promise<Record<Name, string>> {
  const { names, cacheFolder = defaultCacheFolder(), onProgress, signal } = options;
  const wanted = toolNames.filter((name): name is Name => !names || names.some((asked) => asked === name));
  await mkdir(cacheFolder, { recursive: true });
  const paths: [Name, string][] = [];
  for (const name of wanted) {
    const started = performance.now();
    const tell: Context['tell'] = (stage, version) =>
      onProgress?.({ tool: name, stage, version, seconds: (performance.now() - started) / 1000 });
    paths.push([name, await ensureTool(name, { cacheFolder, signal, tell })]);
  }
  return Object.fromEntries(paths) as Record<Name, string>;
}

function ensureTool(name: ToolName, context: Context): Promise<string> {
  const tool = catalog[name];
  switch (tool.kind) {
    case 'system':
      return ensureSystemTool(name, tool, context);
    case 'go':
    case 'files':
      return ensureModuleTool(name, tool, context);
    default:
      return tool satisfies never;
  }
}

async function ensureSystemTool(name: ToolName, tool: SystemTool, context: Context): Promise<string> {
  const found = await findOnPath(name, tool.onPath);
  if (found) {
    context.tell('found', found.version);
    return found.path;
  }
  context.tell('installing', tool.onPath.wanted);
  await installPackage(name, tool, context.signal);
  const installed = await findOnPath(name, tool.onPath);
  if (!installed) throw missing(name, tool, `${name} ${tool.onPath.wanted} is needed; the installed package is older`);
  context.tell('installed', installed.version);
  return installed.path;
}

async function ensureModuleTool(name: ToolName, tool: GoTool | ModuleFiles, context: Context): Promise<string> {
  const found = tool.kind === 'go' ? await findOnPath(name, tool.onPath) : undefined;
  if (found) {
    context.tell('found', found.version);
    return found.path;
  }
  const target = join(context.cacheFolder, await cacheName(name, tool));
  if (existsSync(target)) {
    context.tell('cached', tool.version);
    return target;
  }
  const release = await takeBuildLock(join(context.cacheFolder, 'build.lock'), {
    onWait: () => context.tell('waiting', tool.version),
    signal: context.signal,
  });
  try {
    await makeInCache(tool, target, context);
  } finally {
    await release();
  }
  return target;
}

/** Under the lock: another process may have made it meanwhile. */
async function makeInCache(tool: GoTool | ModuleFiles, target: string, context: Context): Promise<void> {
  if (existsSync(target)) return context.tell('cached', tool.version);
  await removeDrafts(context.cacheFolder);
  context.tell('building', tool.version);
  const ticker = setInterval(() => context.tell('building', tool.version), 10_000);
  try {
    if (tool.kind === 'go') await buildGoTool(tool, target, context.signal);
    else await copyModuleFiles(tool, target, context.signal);
  } finally {
    clearInterval(ticker);
  }
  context.tell('built', tool.version);
}

/** Unfinished files of builds that were killed. Only the holder of the lock makes such files. */
async function removeDrafts(cacheFolder: string): Promise<void> {
  const drafts = (await readdir(cacheFolder)).filter((file) => file.endsWith('.tmp'));
  await Promise.all(drafts.map((file) => rm(join(cacheFolder, file), { force: true })));
}
