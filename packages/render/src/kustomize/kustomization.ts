import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';
import { kustomizationNames } from '../detect-source-type.ts';
import { joinPath } from '../repository/paths.ts';
import type { RepositoryView } from '../repository/repository-view.ts';

/** A kustomization file as parsed: its fields are checked by kustomize, not here. */
export type Kustomization = Record<string, unknown>;

export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

export function recordsOf(value: unknown): Record<string, unknown>[] {
  return listOf(value).filter(isMembers);
}

/** The text as a kustomization; undefined where it is none, which kustomize then says in its own words. */
export function parseKustomization(text: string, file: string): Kustomization | undefined {
  try {
    const value = parseYaml(text, { file });
    return isMembers(value) ? value : undefined;
  } catch (error) {
    if (error instanceof PlumblineError) return undefined;
    throw error;
  }
}

/** The kustomization files of a folder: more than one is an error of kustomize. */
export async function kustomizationFiles(view: RepositoryView, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of kustomizationNames) {
    if ((await view.find(joinPath(folder, name)))?.kind === 'blob') files.push(joinPath(folder, name));
  }
  return files;
}
