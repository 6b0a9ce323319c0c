import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from '../processes/run.ts';
import { acceptedVersion, type VersionCheck } from './catalog.ts';

/** A program that will do, and the version it says it has. */
interface FoundTool {
  path: string;
  version: string;
}

/** Every executable of that name on PATH, in PATH's order. */
export async function executablesOnPath(name: string, path = process.env['PATH'] ?? ''): Promise<string[]> {
  const candidates = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
  const usable = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_, index) => usable[index]);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The first program of that name on PATH whose own version answer the check accepts. */
export async function findOnPath(name: string, check: VersionCheck): Promise<FoundTool | undefined> {
  for (const path of await executablesOnPath(name)) {
    const { stdout, stderr } = await run(path, check.args, { timeoutMs: 10_000 });
    const version = acceptedVersion(check, stdout || stderr);
    if (version) return { path, version };
  }
  return undefined;
}
