import { PlumblineError } from '@plumbline/errors';
import { runTool, type ToolName } from './run-tool.ts';
import { toolEnvironment } from './tool-environment.ts';

/** Asks each program once for its version. */
export interface ToolVersions {
  of(tool: ToolName, program: string): Promise<string>;
}

const versionArguments = { kustomize: ['version'], helm: ['version', '--short'], jsonnet: ['--version'] } as const;

export function readToolVersions(home: () => Promise<string>): ToolVersions {
  const known = new Map<string, Promise<string>>();
  const ask = async (tool: ToolName, program: string): Promise<string> => {
    const folder = await home();
    const env = toolEnvironment(folder);
    const output = await runTool({
      tool,
      program,
      args: versionArguments[tool],
      cwd: folder,
      env,
      what: `${tool} version`,
    });
    const version = output.trim().split('\n')[0];
    if (!version) throw new PlumblineError('RENDER_FAILED', `${tool} tells no version`);
    return version;
  };
  return {
    of(tool, program) {
      const key = `${tool} ${program}`;
      const asked = known.get(key) ?? ask(tool, program);
      known.set(key, asked);
      asked.catch(() => known.delete(key));
      return asked;
    },
  };
}
