import { existsSync } from 'node:fs';
import { PlumblineError } from '@plumbline/errors';
import { run } from '../processes/run.ts';
import type { SystemTool } from './catalog.ts';

/** Whether this process may install Debian packages by itself. */
function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/**
 * Installs the Debian package of a tool: `apt-get update`, then `apt-get install`. Where that is not possible it
 * throws `EMBEDDED_TOOL_MISSING`, which names the one command that a person has to run.
 */
export async function installPackage(name: string, tool: SystemTool, signal?: AbortSignal): Promise<void> {
  if (!canInstallPackages()) throw missing(name, tool, `${name} (${tool.onPath.wanted}) is not on PATH`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, signal });
  const { code, stderr } = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', tool.package], {
    env,
    signal,
  });
  signal?.throwIfAborted();
  if (code === 0) return;
  throw missing(
    name,
    tool,
    `apt-get install ${tool.package} failed: ${stderr.trim().split('\n').slice(-5).join('\n')}`,
  );
}

/** The error that names what to run. */
export function missing(name: string, tool: SystemTool, message: string): PlumblineError {
  return new PlumblineError('EMBEDDED_TOOL_MISSING', message, {
    hint: `run: ${installCommand(tool)}`,
    details: { tool: name },
  });
}

function installCommand(tool: SystemTool): string {
  if (process.platform === 'darwin') return `brew install ${tool.package === 'redis-server' ? 'redis' : tool.package}`;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  if (existsSync('/etc/debian_version')) return `${sudo}apt-get update && ${sudo}apt-get install -y ${tool.package}`;
  const plain = tool.package === 'redis-server' ? 'redis' : tool.package;
  if (existsSync('/etc/alpine-release')) return `${sudo}apk add ${plain}`;
  return `${sudo}dnf install -y ${plain}`;
}
