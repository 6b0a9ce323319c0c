import { stat } from 'node:fs/promises';
import { Fatal } from '../../fatal.ts';
import { manifestsIn } from './manifest-files.ts';
import type { LocalRender } from './render-folder.ts';

/** Flags that let the server render. */
export interface ServerRender {
  serverSideGenerate?: boolean;
  /** Globs of names of files to send; all where none is given. */
  localInclude?: string[];
}

/**
 * Manifests of this machine as JSON texts: a folder is rendered as the Application's source, a file or standard input (`-`) is
 * taken as rendered already. Throws Fatal where nothing can be read, and what rendering throws.
 */
export async function localManifests(render: LocalRender, asked: ServerRender = {}): Promise<string[]> {
  const { path, application } = render;
  if (path === '-') return manifestsIn(path);
  const facts = await stat(path).catch((error: Error) => {
    throw new Fatal(`cannot read ${path}: ${error.message}`, { exitCode: 1 });
  });
  if (!facts.isDirectory()) return manifestsIn(path);
  if (asked.serverSideGenerate) {
    const { renderOnServer } = await import('./send-folder.ts');
    const { name, namespace } = application.metadata;
    return renderOnServer(render, { name: namespace ? `${namespace}/${name}` : name, include: asked.localInclude });
  }
  const { renderFolder } = await import('./render-folder.ts');
  const manifests = await renderFolder(render);
  if (manifests.length === 0) throw new Fatal(`${path} holds no manifests`);
  return manifests;
}
