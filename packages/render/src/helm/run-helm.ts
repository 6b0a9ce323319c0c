import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { displayPath } from '../repository/paths.ts';
import { runTool } from '../tool/run-tool.ts';
import { toolEnvironment } from '../tool/tool-environment.ts';
import type { RenderKit, SourceAtRevision } from '../type-renderer.ts';
import type { HeldFiles } from './held-files.ts';

/** Where Helm works on a chart. */
export interface HelmPlace {
  /** Where the repository lies. */
  root: string;
  at: SourceAtRevision;
  /** For what Helm itself writes. */
  home: string;
  files: HeldFiles;
  signal: AbortSignal | undefined;
}

const nowhere = 'http://127.0.0.1:9';
const missingDependency = /missing in charts\/ directory|dependencies need to be fetched/;

function withHint(error: unknown): unknown {
  if (!(error instanceof PlumblineError) || !missingDependency.test(error.message)) return error;
  return new PlumblineError(error.code, error.message, {
    details: error.details,
    hint: 'put the dependency into charts/ (helm dependency build), or refer to a chart of the same repository by file://',
  });
}

/** Runs Helm in the chart's folder: its output. Errors name paths as the repository does. */
export async function runHelm(
  kit: RenderKit,
  args: string[],
  { root, at, home, files, signal }: HelmPlace,
): Promise<string> {
  const folder = displayPath(at.folder.path);
  return runTool({
    tool: 'helm',
    program: kit.tools.helm,
    args,
    cwd: join(root, at.folder.path),
    // What is remote has been brought here: Helm itself is left no way to ask for more.
    env: { ...toolEnvironment(home), HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: '' },
    what: `helm ${args[0] === 'dependency' ? 'dependency build' : args[0]} ${folder}`,
    readable: (text) =>
      files.readable(text).replaceAll(`${root}/`, '').replaceAll(root, '.').replaceAll(`${home}/`, ''),
    signal,
    timeoutMs: kit.timeoutMs,
    maxOutputBytes: kit.maxOutputBytes,
    maxMemoryBytes: kit.maxMemoryBytes,
  });
}

/** `helm template`, with a hint where a dependency is missing. */
export function runTemplate(kit: RenderKit, args: string[], place: HelmPlace): Promise<string> {
  return runHelm(kit, args, place).catch((error: unknown) => {
    throw withHint(error);
  });
}
