import { accessSync, constants } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import type { RenderTools } from '@plumbline/render';
import type { Terminal } from '../../terminal.ts';

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const programs = [
  ['kustomize', /^kustomization(\.ya?ml)?$/i],
  ['helm', /^Chart\.yaml$/],
  ['jsonnet', /\.jsonnet$/],
] as const;

/**
 * The programs that render a folder: those on PATH, and where one is missing that the folder needs, those of the engine, which
 * are built once.
 */
export async function renderTools(terminal: Terminal, folder: string): Promise<RenderTools> {
  const names = await readdir(folder, { recursive: true });
  const found = new Map(programs.map(([name]) => [name, onPath(name)]));
  const missing = programs.some(([name, file]) => !found.get(name) && names.some((path) => file.test(basename(path))));
  const [kustomize, helm, jsonnet] = programs.map(([name]) => found.get(name));
  if (!missing) return { kustomize: kustomize ?? 'kustomize', helm: helm ?? 'helm', ...(jsonnet ? { jsonnet } : {}) };
  const { localTools } = await import('@plumbline/standalone');
  const own = await localTools((line) => terminal.err(`${line}\n`));
  return { kustomize: kustomize ?? own.kustomize, helm: helm ?? own.helm, jsonnet: jsonnet ?? own.jsonnet };
}
