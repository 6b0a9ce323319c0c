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

/** The interpreter takes all after the first `=` for the value: what would be code there has not been looked through. */
function checkName(name: string, of: string): void {
  if (!name.includes('=')) return;
  const problem = `directory.jsonnet.${of}: the name ${JSON.stringify(name)} has a "=" in it`;
  throw new PlumblineError('RENDER_INVALID_SOURCE', problem, { hint: 'give the variable another name' });
}

/**
 * External variables and top-level arguments, with the build environment put in. Throws `RENDER_INVALID_SOURCE` for a name that
 * the interpreter cannot be told.
 */
export function jsonnetVariables({ source, environment }: SourceAtRevision): {
  extVars: JsonnetVariable[];
  tlas: JsonnetVariable[];
} {
  const resolved = (of: 'extVars' | 'tlas') =>
    (source.directory?.jsonnet?.[of] ?? []).map(({ name = '', value = '', code = false }) => {
      checkName(name, of);
      return { name, value: substitute(value, environment), code };
    });
  return { extVars: resolved('extVars'), tlas: resolved('tlas') };
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

/** Code, and where the interpreter looks first for what it imports. */
interface Program {
  /** Names it in errors. */
  file: string;
  folder: string;
  text: string;
}

/** The path that the interpreter will open: it resolves `..` by the text of the path, before symlinks. */
async function findImport(
  inputs: InputRecorder,
  { program, path, folders }: { program: Program; path: string; folders: readonly string[] },
): Promise<string | undefined> {
  const { file } = program;
  if (path.startsWith('/')) throw refuse(file, `import of the absolute path "${shownPath(path)}"`);
  for (const folder of [program.folder, ...folders]) {
    const candidate = normalisePath(joinPath(normalisePath(folder), path));
    if (isOutside(candidate)) throw refuse(file, `the import "${shownPath(path)}" leads outside the repository`);
    if ((await inputs.open('', candidate))?.kind === 'blob') return candidate;
  }
  return undefined;
}

/** Variables that are code are programs too, which run in the root of the repository. */
function programsOfVariables(at: SourceAtRevision): Program[] {
  const { extVars, tlas } = jsonnetVariables(at);
  const named = [
    ...extVars.map((each) => ({ of: 'extVars', ...each })),
    ...tlas.map((each) => ({ of: 'tlas', ...each })),
  ];
  return named
    .filter(({ code }) => code)
    .map(({ of, name, value }) => ({ file: `directory.jsonnet.${of}, ${name}`, folder: '', text: value }));
}

async function programOf({ view }: SourceAtRevision, file: string): Promise<Program | undefined> {
  const found = await view.find(file);
  return found?.kind === 'blob' ? { file, folder: folderOf(file), text: await view.text(found.oid) } : undefined;
}

/**
 * Records every file that the programs, and variables that are code, import, directly or not. Throws `RENDER_PATH_OUTSIDE`
 * where a library or an import leaves the repository.
 */
export async function traceJsonnet(
  at: SourceAtRevision,
  programs: readonly string[],
  inputs: InputRecorder,
): Promise<void> {
  const folders = searchPath(at);
  for (const folder of folders) await at.view.look(normalisePath(folder));
  const pending: (Program | string)[] = [...programsOfVariables(at), ...programs];
  const seen = new Set(programs);
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const program = typeof next === 'string' ? await programOf(at, next) : next;
    if (!program) continue;
    for (const { path } of jsonnetImports(program.text)) {
      if (path === undefined) throw refuse(program.file, 'an import must be a plain quoted path without escapes');
      const imported = await findImport(inputs, { program, path, folders });
      if (imported === undefined || seen.has(imported)) continue;
      seen.add(imported);
      pending.push(imported);
    }
  }
}
