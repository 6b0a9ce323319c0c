import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { parseYaml, toYaml } from '@plumbline/manifests';
import { duplicateFolder } from '../folders.ts';
import { schemaChanges, writeChanges } from '../helm/schemas/localise-schemas.ts';
import type { RemoteFiles } from '../network/remote-files.ts';
import { displayPath } from '../repository/paths.ts';
import type { RepositoryView } from '../repository/repository-view.ts';
import type { TracedInput } from '../types.ts';
import type { HeldFolder, WorkFolder } from '../work-folder.ts';
import { spellKustomization } from './field-names.ts';
import { isMembers, type Kustomization, kustomizationFiles } from './kustomization.ts';
import { type Realm, realmFolder, replacedKey } from './realm.ts';
import { mapReferences } from './references.ts';
import type { Walk } from './walk-kustomization.ts';

/** Changes the kustomization of one folder of the source's own repository. */
export interface FolderEdit {
  folder: string;
  change(kustomization: Kustomization): Kustomization;
}

export interface SandboxOptions {
  work: WorkFolder;
  /** Of the own repository. */
  inputs: readonly TracedInput[];
  walk: Walk;
  edit: FolderEdit | undefined;
  /** Fetches what schemas of charts refer to. */
  files: RemoteFiles;
  /** Programs run that are no part of kustomize: nothing that they may write is shared with other renders. */
  plugins: boolean;
}

/** The folder that a tool runs in. */
export interface Sandbox extends AsyncDisposable {
  /** The own repository. */
  root: string;
  /** Where plugins run: the folder of this render alone, with `home` in it. */
  own?: string;
  /** Turns its paths into those of the repositories. */
  readable(text: string): string;
}

type Hold = (view: RepositoryView, inputs: readonly TracedInput[]) => Promise<string>;

async function writeKustomization({ view }: Realm, { folder, change }: FolderEdit, root: string): Promise<void> {
  const [file, ...others] = await kustomizationFiles(view, folder);
  if (file === undefined) {
    throw new PlumblineError('RENDER_FAILED', `${displayPath(folder)}: there is no kustomization file`);
  }
  // Two files are refused by kustomize in its own words.
  if (others.length > 0) return;
  const found = await view.find(file);
  const kustomization = found && parseYaml(await view.text(found.oid), { file, lenient: true });
  if (!isMembers(kustomization)) {
    throw new PlumblineError('RENDER_FAILED', `${file}: expected a mapping`, { details: { file } });
  }
  const target = join(root, file);
  await rm(target, { force: true });
  await writeFile(target, toYaml(change(spellKustomization(kustomization, displayPath(folder)))), { flag: 'wx' });
}

/** The Application's edits come first: they too may refer to what is replaced. */
async function rewrite(realm: Realm, edit: FolderEdit | undefined, root: string): Promise<void> {
  const folders = new Set(realm.replaced.keys());
  if (edit) folders.add(edit.folder);
  for (const folder of folders) {
    const replaced = realm.replaced.get(folder);
    const change = (kustomization: Kustomization) => {
      const edited = edit?.folder === folder ? edit.change(kustomization) : kustomization;
      return replaced
        ? mapReferences(edited, (reference, kind) => replaced.get(replacedKey(reference, kind)) ?? reference)
        : edited;
    };
    await writeKustomization(realm, { folder, change }, root);
  }
}

async function placeRemote(realm: Realm, root: string, hold: Hold): Promise<void> {
  for (const [folder, view] of realm.charts) {
    const held = await hold(view, [{ path: '', oid: view.root }]);
    await duplicateFolder(held, join(root, folder), 'link');
  }
  for (const [path, content] of realm.files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { flag: 'wx', mode: 0o444 });
  }
}

/** Helm follows what schemas of charts refer to. */
async function guardCharts(top: string, remote: RemoteFiles): Promise<void> {
  const folder = join(top, 'schemas');
  await mkdir(folder, { mode: 0o700 });
  await writeChanges(await schemaChanges(top, { root: top, folder, remote }), { from: top, to: top });
}

function readableBy(top: string, { realms, shown }: Walk): (text: string) => string {
  return (text) => {
    let readable = text;
    for (const realm of realms) {
      const shownAs = realm.label === '' ? '' : `${realm.label} `;
      const folder = join(top, realmFolder(realm));
      readable = readable.replaceAll(`${folder}/`, shownAs).replaceAll(folder, shownAs.trim() || '.');
      if (realm.id !== '') readable = readable.replaceAll(new RegExp(`(?:\\.\\./)*remote/${realm.id}/?`, 'g'), shownAs);
    }
    for (const [name, reference] of shown) readable = readable.replaceAll(name, reference);
    return readable.replaceAll(`${top}/`, '').replaceAll(top, '.');
  };
}

/**
 * All that a walk has found, as files below one folder: the repositories side by side, kustomizations rewritten so that
 * they refer to nothing remote. Where nothing has to be written, the shared folder of the inputs itself.
 */
export async function openSandbox({ work, inputs, walk, edit, files, plugins }: SandboxOptions): Promise<Sandbox> {
  await using opened = new AsyncDisposableStack();
  const hold: Hold = async (view, wanted) => {
    const held: HeldFolder = await work.hold(view, wanted);
    opened.use(held);
    return held.path;
  };
  const [own, ...others] = walk.realms;
  if (!own) throw new PlumblineError('RENDER_FAILED', 'nothing was traced');
  const shared = await hold(own.view, inputs);
  const isPlain = others.length + own.replaced.size + own.charts.size === 0 && !edit && !plugins && !walk.usesCharts;
  if (isPlain) {
    const held = opened.move();
    const readable = (text: string) => text.replaceAll(`${shared}/`, '').replaceAll(shared, '.');
    return { root: shared, readable, [Symbol.asyncDispose]: () => held.disposeAsync() };
  }
  const scratch = await work.scratch();
  opened.use(scratch);
  for (const realm of walk.realms) {
    const root = join(scratch.path, realmFolder(realm));
    const from = realm === own ? shared : await hold(realm.view, realm.inputs.inputs());
    await duplicateFolder(from, root, plugins ? 'copy' : 'link');
    await placeRemote(realm, root, hold);
    await rewrite(realm, realm === own ? edit : undefined, root);
  }
  if (walk.usesCharts) await guardCharts(scratch.path, files);
  if (plugins) await mkdir(join(scratch.path, 'home'), { mode: 0o700 });
  const held = opened.move();
  return {
    root: join(scratch.path, realmFolder(own)),
    ...(plugins ? { own: scratch.path } : {}),
    readable: readableBy(scratch.path, walk),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
