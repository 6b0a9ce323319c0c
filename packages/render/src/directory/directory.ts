import { PlumblineError } from '@plumbline/errors';
import { parseManifests } from '@plumbline/manifests';
import { createManifestMeter } from '../manifest-limits.ts';
import { displayPath } from '../repository/paths.ts';
import type { Found } from '../repository/repository-view.ts';
import type { RenderKit, SourceAtRevision, TypeRenderer, TypeTrace } from '../type-renderer.ts';
import type { RenderedSource } from '../types.ts';
import { jsonnetFacts, traceJsonnet } from './jsonnet.ts';
import { renderJsonnet } from './render-jsonnet.ts';
import { isJsonnet, selectFiles } from './select-files.ts';

const skipMarker = '+argocd:skip-file-rendering';

function decode(content: Uint8Array): string {
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(content);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(content);
  return new TextDecoder().decode(content);
}

/** Refuses more bytes of YAML and JSON than the setting allows (reference §7.4). */
async function checkSize(at: SourceAtRevision, files: readonly Found[]): Promise<void> {
  const limit = at.context.settings.maxDirectoryBytes;
  let total = 0;
  for (const { oid } of new Map(files.map((file) => [file.path, file])).values()) {
    total += await at.view.reader.blobSize(oid);
    if (total <= limit) continue;
    const where = displayPath(at.folder.path);
    throw new PlumblineError(
      'RENDER_TOO_LARGE',
      `${where}: the manifest files exceed the maximum combined size of ${limit} bytes`,
      {
        hint: 'split the source, exclude files, or raise reposerver.max.combined.directory.manifests.size',
      },
    );
  }
}

async function renderPlainFile(at: SourceAtRevision, file: string, { oid }: Found): Promise<RenderedSource> {
  const text = decode(await at.view.reader.readBlob(oid));
  if (text.includes(skipMarker)) return { objects: [], warnings: [] };
  return parseManifests(text, { file, duplicateKeys: 'last' });
}

interface ChosenFile {
  file: string;
  found: Found;
}

/** The chosen files, symlinks followed; of those that lead to no file a warning. */
async function chosenFiles(at: SourceAtRevision): Promise<{ files: ChosenFile[]; warnings: string[] }> {
  const files: ChosenFile[] = [];
  const warnings: string[] = [];
  for (const file of await selectFiles(at)) {
    const found = await at.view.find(file);
    if (found?.kind === 'blob') files.push({ file, found });
    else warnings.push(`${file}: skipped, the symlink does not lead to a file`);
  }
  return { files, warnings };
}

/** Files of a folder as they are, and Jsonnet programs (reference §7.4). */
export function directoryRenderer(kit: RenderKit): TypeRenderer {
  return {
    async trace(at, inputs): Promise<TypeTrace> {
      const files = await selectFiles(at);
      for (const file of files) await inputs.look('', file, 'yaml');
      const programs = files.filter(isJsonnet);
      if (programs.length === 0) return { facts: null, tools: {} };
      await traceJsonnet(at, programs, inputs);
      if (!kit.tools.jsonnet) {
        throw new PlumblineError('RENDER_FAILED', `${programs[0]}: the program jsonnet is missing`, {
          hint: 'install jsonnet',
        });
      }
      return { facts: jsonnetFacts(at), tools: { jsonnet: await kit.versions.of('jsonnet', kit.tools.jsonnet) } };
    },

    async render(at, inputs, { signal }) {
      const { files, warnings } = await chosenFiles(at);
      const result: RenderedSource = { objects: [], warnings };
      await checkSize(
        at,
        files.filter(({ file }) => !isJsonnet(file)).map(({ found }) => found),
      );
      const programs = files.map(({ file }) => file).filter(isJsonnet);
      const evaluated = programs.length > 0 ? await renderJsonnet(kit, at, { programs, inputs, signal }) : new Map();
      // Counted while reading: small files can write out to large objects.
      const meter = createManifestMeter(displayPath(at.folder.path), kit.manifestLimits);
      for (const { file, found } of files) {
        const rendered: RenderedSource = evaluated.get(file) ?? (await renderPlainFile(at, file, found));
        for (const object of rendered.objects) {
          meter.add(object);
          result.objects.push(object);
        }
        result.warnings.push(...rendered.warnings);
      }
      return result;
    },
  };
}
