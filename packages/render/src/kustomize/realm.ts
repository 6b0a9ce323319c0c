import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import type { InputRecorder } from '../repository/input-recorder.ts';
import type { RepositoryView } from '../repository/repository-view.ts';
import type { ReferenceKind } from './references.ts';
import type { RemoteFolder } from './remote-content.ts';

/** A repository at a commit that kustomizations are read from. */
export interface Realm {
  /** '' is the source's own repository. */
  id: string;
  /** For errors; '' of the own repository. */
  label: string;
  /** Of another repository: how kustomize names it, without credentials. */
  source?: { repo: string; ref?: string };
  view: RepositoryView;
  inputs: InputRecorder;
  /** By folder of a kustomization: what stands in place of its references, by kind and reference. */
  replaced: Map<string, Map<string, string>>;
  /** Remote files by the path at which they are put. */
  files: Map<string, Buffer>;
  /** Charts by the folder at which they are put. */
  charts: Map<string, RepositoryView>;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The key of a reference in {@link Realm.replaced}. */
export function replacedKey(reference: string, kind: ReferenceKind): string {
  return `${kind} ${reference}`;
}

export function realmId({ spec: { url, ref, submodules }, commit }: RemoteFolder): string {
  return digest(`${url} ${ref} ${submodules} ${commit}`);
}

/** Where a repository lies in the folder of a render. */
export function realmFolder({ id }: Pick<Realm, 'id'>): string {
  return id === '' ? 'repository' : `remote/${id}`;
}

/** The path from a kustomization's folder to a folder of a repository, as both lie in the folder of a render. */
export function localPath(from: Realm, folder: string, to: { realm: Realm; path: string }): string {
  return posix.relative(posix.join(realmFolder(from), folder), posix.join(realmFolder(to.realm), to.path)) || '.';
}

/** The name under which a remote file lies beside the kustomization that refers to it. */
export function localName(url: string): string {
  const base =
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .pop() ?? '';
  return `.remote-${digest(url)}-${base.replace(/[^\w.-]/g, '_').slice(-80)}`;
}

/** A reference as errors may show it: without user and password. */
export function shownReference(reference: string): string {
  const bare = reference.replace(/\/\/[^/?#]*@/, '//');
  return bare.length > 300 ? `${bare.slice(0, 300)}…` : bare;
}

/** The error that a reference to something remote ended in, with the kustomization and the reference named. */
export function remoteError(place: string, reference: string, error: unknown): unknown {
  if (!(error instanceof PlumblineError)) return error;
  return new PlumblineError(
    error.code,
    `kustomization of ${place}: "${shownReference(reference)}" cannot be had: ${error.message}`,
    {
      cause: error,
      retry: error.retry,
      details: error.details,
      hint: error.hint ?? 'check the address, and the credentials that are declared for it',
    },
  );
}
