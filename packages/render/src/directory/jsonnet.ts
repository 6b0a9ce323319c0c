import { PlumblineError } from '@plumbline/errors';
import { substitute } from '../build-environment.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { folderOf, isOutside, joinPath, normalisePath, shownPath } from '../repository/paths.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import { jsonnetImports } from './jsonnet-imports.ts';

/** A variable of the source after substitution. */
export interface JsonnetVariable {
  name: string;
  value: string;
  code: boolean;
}

/** External variables and top-level arguments, with the build environment put in. */
export function jsonnetVariables({ source, environment }: SourceAtRevision): {
  extVars: JsonnetVariable[];
  tlas: JsonnetVariable[];
} {
  const resolved = (variables: readonly { name?: string; value?: string; code?: boolean }[] = []) =>
    variables.map(({ name = '', value = '', code = false }) => ({ name, value: substitute(value, environment), code }));
  const jsonnet = source.directory?.jsonnet ?? {};
  return { extVars: resolved(jsonnet.extVars), tlas: resolved(jsonnet.tlas) };
}

/** Options that decide what the programs evaluate to. */
export function jsonnetFacts(at: SourceAtRevision): unknown {
  return { ...jsonnetVariables(at), libs: at.source.directory?.jsonnet?.libs ?? [] };
}

/** Folders in which imports are looked up after the importing file's own, first match wins. */
export function searchPath({ source, folder }: SourceAtRevision): string[] {
  const libs = source.directory?.jsonnet?.libs ?? [];
  return [...libs.toReversed(), folder.path];
}

function refuse(file: string, problem: string): PlumblineError {
  return new PlumblineError('RENDER_PATH_OUTSIDE', `${file}: ${problem}`, {
    hint: 'import files of the same repository by a relative path',
    details: { file },
  });
}

/** The path that the interpreter will open: it resolves `..` by the text of the path, before symlinks. */
async function findImport(
  inputs: InputRecorder,
  { file, path, folders }: { file: string; path: string; folders: readonly string[] },
): Promise<string | undefined> {
  if (path.startsWith('/')) throw refuse(file, `import of the absolute path "${shownPath(path)}"`);
  for (const folder of [folderOf(file), ...folders]) {
    const candidate = normalisePath(joinPath(normalisePath(folder), path));
    if (isOutside(candidate)) throw refuse(file, `the import "${shownPath(path)}" leads outside the repository`);
    if ((await inputs.open('', candidate))?.kind === 'blob') return candidate;
  }
  return undefined;
}

/**
 * Records every file that the programs import, directly or not. Throws `RENDER_PATH_OUTSIDE` where a library or an
 * import leaves the repository.
 */
export async function traceJsonnet(
  at: SourceAtRevision,
  programs: readonly string[],
  inputs: InputRecorder,
): Promise<void> {
  const folders = searchPath(at);
  for (const folder of folders) await at.view.look(normalisePath(folder));
  const pending = [...programs];
  const seen = new Set(pending);
  for (let file = pending.shift(); file !== undefined; file = pending.shift()) {
    const found = await at.view.find(file);
    if (found?.kind !== 'blob') continue;
    for (const { path } of jsonnetImports(await at.view.text(found.oid))) {
      if (path === undefined) throw refuse(file, 'an import must be a plain quoted path without escapes');
      const imported = await findImport(inputs, { file, path, folders });
      if (imported === undefined || seen.has(imported)) continue;
      seen.add(imported);
      pending.push(imported);
    }
  }
}
