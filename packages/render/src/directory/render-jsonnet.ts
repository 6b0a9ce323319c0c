import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { parseJson, parseManifests, stringifyJson } from '@plumbline/manifests';
import { normalisePath } from '../repository/paths.ts';
import { runTool } from '../tool/run-tool.ts';
import { toolEnvironment } from '../tool/tool-environment.ts';
import type { RenderKit, SourceAtRevision } from '../type-renderer.ts';
import type { RenderedSource, TracedInput } from '../types.ts';
import { type JsonnetVariable, jsonnetVariables, searchPath } from './jsonnet.ts';

function variableArguments(prefix: 'ext' | 'tla', variables: readonly JsonnetVariable[]): string[] {
  return variables.flatMap(({ name, value, code }) => [`--${prefix}-${code ? 'code' : 'str'}`, `${name}=${value}`]);
}

/** Go's importer takes the last folder first. */
function libraryArguments(at: SourceAtRevision, root: string): string[] {
  return searchPath(at)
    .toReversed()
    .flatMap((folder) => ['-J', join(root, normalisePath(folder))]);
}

function flatten(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(flatten) : value === null ? [] : [value];
}

function objectsOf(output: string, file: string): RenderedSource {
  const result: RenderedSource = { objects: [], warnings: [] };
  for (const value of flatten(parseJson(output))) {
    if (typeof value !== 'object')
      throw new PlumblineError(
        'RENDER_FAILED',
        `${file}: gives ${typeof value}, expected an object or a list of objects`,
      );
    const parsed = parseManifests(stringifyJson(value), { file, strict: true });
    result.objects.push(...parsed.objects);
    result.warnings.push(...parsed.warnings);
  }
  return result;
}

/** Evaluates the programs; the result by file. Throws `RENDER_FAILED` with the interpreter's words, which name file and line. */
export async function renderJsonnet(
  kit: RenderKit,
  at: SourceAtRevision,
  {
    programs,
    inputs,
    signal,
  }: { programs: readonly string[]; inputs: readonly TracedInput[]; signal: AbortSignal | undefined },
): Promise<Map<string, RenderedSource>> {
  const { extVars, tlas } = jsonnetVariables(at);
  const results = new Map<string, RenderedSource>();
  await using held = await kit.work.hold(at.view, inputs);
  const home = await kit.work.home();
  await mkdir(home, { recursive: true });
  for (const file of programs) {
    const output = await runTool({
      tool: 'jsonnet',
      program: kit.tools.jsonnet ?? 'jsonnet',
      args: [
        ...libraryArguments(at, held.path),
        ...variableArguments('ext', extVars),
        ...variableArguments('tla', tlas),
        '--',
        file,
      ],
      cwd: held.path,
      env: toolEnvironment(home),
      what: `jsonnet ${file}`,
      readable: (text) => text.replaceAll(`${held.path}/`, ''),
      signal,
      timeoutMs: kit.timeoutMs,
      maxOutputBytes: kit.maxOutputBytes,
      maxMemoryBytes: kit.maxMemoryBytes,
    });
    results.set(file, objectsOf(output, file));
  }
  return results;
}
