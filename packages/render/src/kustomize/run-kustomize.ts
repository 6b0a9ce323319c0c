import { join } from 'node:path';
import { displayPath } from '../repository/paths.ts';
import { withApart } from '../tool/apart.ts';
import { runTool } from '../tool/run-tool.ts';
import type { RenderKit, SourceAtRevision } from '../type-renderer.ts';
import { type BuildPlan, kustomizeEnvironment } from './build-plan.ts';
import type { Sandbox } from './sandbox.ts';

/** What kustomize says of Helm's command line is long, of this machine, and no help. */
function withoutCommand(text: string, helm: string): string {
  return text.replaceAll(helm, 'helm').replace(/: unable to run: 'helm .*? \(is 'helm' installed\?\)/gs, '');
}

/** Runs `kustomize build` in the sandbox: its output. Errors name paths as the repository does. */
export async function runKustomize(
  kit: RenderKit,
  at: SourceAtRevision,
  { sandbox, plan, signal }: { sandbox: Sandbox; plan: BuildPlan; signal: AbortSignal | undefined },
): Promise<string> {
  const home = sandbox.own ? join(sandbox.own, 'home') : await kit.work.home();
  const folder = displayPath(at.folder.path);
  // The leading dot keeps kustomize from taking the name of a folder for an address.
  const args = ['build', folder === '.' ? folder : `./${folder}`, ...plan.buildOptions, ...plan.helmArguments];
  const command = { program: plan.program, args };
  return runTool({
    tool: 'kustomize',
    ...(sandbox.own ? await withApart(command, { own: sandbox.own, hidden: kit.hiddenFromPlugins }) : command),
    cwd: sandbox.root,
    env: kustomizeEnvironment(home, plan, { plugins: sandbox.own !== undefined }),
    what: `kustomize build ${folder}`,
    readable: (text) => withoutCommand(sandbox.readable(text).replaceAll(`${home}/`, ''), kit.tools.helm),
    signal,
    timeoutMs: kit.timeoutMs,
    maxOutputBytes: kit.maxOutputBytes,
    maxMemoryBytes: kit.maxMemoryBytes,
  });
}
