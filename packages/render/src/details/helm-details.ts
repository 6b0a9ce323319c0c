import { parseYaml } from '@plumbline/manifests';
import { optionFiles } from '../helm/option-files.ts';
import { resolveValueFiles, type ValueFile } from '../helm/value-files.ts';
import type { RemoteFiles } from '../network/remote-files.ts';
import { recordInputs } from '../repository/input-recorder.ts';
import { joinPath } from '../repository/paths.ts';
import { openRepository, type RepositoryView, walkTree } from '../repository/repository-view.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import type { HelmDetails } from './source-details.ts';

const looksLikeValues = /values[^/]*\.ya?ml$/i;

async function textAt(view: RepositoryView, path: string): Promise<string> {
  const found = await view.find(path);
  return found?.kind === 'blob' ? view.text(found.oid) : '';
}

async function textOf(at: SourceAtRevision, file: ValueFile, remote: RemoteFiles): Promise<string> {
  if (file.kind === 'url') return (await remote.get(file.url, { fresh: false })).body.toString('utf8');
  const sibling = file.from === undefined ? undefined : at.surroundings.refs?.get(file.from);
  return textAt(sibling ? await openRepository(await sibling.open(), sibling.revision) : at.view, file.path);
}

/** `a.b[0].c` and its value as text, for each value that is neither list nor mapping. */
export function flattenValues(value: unknown, name = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) {
    return new Map(name === '' || value === null || value === undefined ? [] : [[name, String(value)]]);
  }
  const members: [string, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [`${name}[${index}]`, item])
    : Object.entries(value).map(([key, item]) => {
        const step = key.replaceAll('.', '\\.');
        return [name === '' ? step : `${name}.${step}`, item];
      });
  return new Map(members.flatMap(([path, item]) => [...flattenValues(item, path)]));
}

async function valueFilesIn(at: SourceAtRevision): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, entry } of walkTree(at.view.reader, at.folder.oid, { recurse: true })) {
    if (entry.kind === 'blob' && looksLikeValues.test(path)) found.push(path);
  }
  return found.sort();
}

/** What a chart's folder and the source's options say of its values. Throws what missing value files throw. */
export async function helmDetails(at: SourceAtRevision, remote: RemoteFiles): Promise<HelmDetails> {
  const { helm = {} } = at.source;
  const selected = await resolveValueFiles(optionFiles(at, recordInputs(at.view)), {
    names: helm.valueFiles ?? [],
    ignoreMissing: helm.ignoreMissingValueFiles ?? false,
    schemes: at.context.settings.valuesFileSchemes,
  });
  const values = await textAt(at.view, joinPath(at.folder.path, 'values.yaml'));
  const texts: [string, string][] = [['values.yaml', values]];
  for (const file of selected) {
    texts.push([file.kind === 'url' ? 'value file by URL' : file.path, await textOf(at, file, remote)]);
  }
  const parameters = new Map(texts.flatMap(([file, text]) => [...flattenValues(parseYaml(text, { file }))]));
  return {
    valueFiles: await valueFilesIn(at),
    values,
    parameters: [...parameters].map(([name, value]) => ({ name, value })),
    fileParameters: (helm.fileParameters ?? []).map(({ name = '', path = '' }) => ({ name, path })),
  };
}
