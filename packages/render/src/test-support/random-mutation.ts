import { folderOf } from '../repository/paths.ts';
import type { Random } from './random.ts';

/** Changes files, as a commit would. Returns what it did, for the message of a failing test. */
type Mutation = (files: Map<string, string>, random: Random) => string;

const tokens = /v\d+(?=\W|$)/g;

function anyFile(files: ReadonlyMap<string, string>, random: Random): [path: string, text: string] {
  return random.pick([...files].filter(([, text]) => !text.startsWith('-> ')));
}

const changeValue: Mutation = (files, random) => {
  const [path, text] = random.pick([...files].filter(([, content]) => content.search(tokens) >= 0));
  const matches = [...text.matchAll(tokens)].filter(({ index }) => !text.slice(0, index).endsWith('apiVersion: '));
  if (matches.length === 0) return 'nothing';
  const { index, 0: found } = random.pick(matches);
  files.set(path, `${text.slice(0, index)}v${random.below(1_000)}${text.slice(index + found.length)}`);
  return `change a value in ${path}`;
};

const addFile: Mutation = (files, random) => {
  const folder = folderOf(anyFile(files, random)[0]);
  const name = random.pick([
    'env-z.yaml',
    'new.yaml',
    'kustomization.yml',
    '.helmignore',
    'spare.txt',
    'new.txt',
    'NEW.md',
    'new.libsonnet',
    'used.libsonnet',
  ]);
  const path = folder === '' ? name : `${folder}/${name}`;
  const value = `v${random.below(1_000)}`;
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\ndata: {value: ${value}}\n`;
  files.set(path, path.endsWith('sonnet') ? `{ value: '${value}' }\n` : manifest);
  return `add ${path}`;
};

const removeFile: Mutation = (files, random) => {
  const [path] = anyFile(files, random);
  files.delete(path);
  return `remove ${path}`;
};

const moveLink: Mutation = (files, random) => {
  const links = [...files].filter(([, text]) => text.startsWith('-> '));
  if (links.length === 0) return 'nothing';
  const [path, text] = random.pick(links);
  const [folder, name] = [text.slice(3, text.lastIndexOf('/') + 1), text.slice(text.lastIndexOf('/') + 1)];
  files.set(path, `-> ${folder}${name === 'cm.yaml' ? 'other.yaml' : 'cm.yaml'}`);
  return `lead ${path} elsewhere`;
};

const renameFile: Mutation = (files, random) => {
  const [path, text] = anyFile(files, random);
  files.delete(path);
  files.set(`${path}.old`, text);
  return `rename ${path}`;
};

const touchDocument: Mutation = (files, random) => {
  const documents = [...files.keys()].filter((path) => /\.(md|txt)$/.test(path));
  if (documents.length === 0) return 'nothing';
  const path = random.pick(documents);
  files.set(path, `v${random.below(1_000)}`);
  return `write ${path}`;
};

const addReference: Mutation = (files, random) => {
  const kustomizations = [...files].filter(([path]) => path.endsWith('kustomization.yaml') && path.startsWith('bases'));
  if (kustomizations.length === 0) return 'nothing';
  const [path, text] = random.pick(kustomizations);
  files.set(path, text.includes('unused.yaml') ? text.replace('  - unused.yaml\n', '') : addResource(text));
  return `change what ${path} refers to`;
};

function addResource(text: string): string {
  return text.replace('  - cm.yaml\n', '  - cm.yaml\n  - unused.yaml\n');
}

/** Comments and blank lines in YAML; those of a template are its text. */
const writeComment: Mutation = (files, random) => {
  const [path, text] = random.pick(
    [...files].filter(([name]) => /\.ya?ml$/.test(name) && !name.includes('/templates/')),
  );
  if (text.startsWith('-> ')) return 'nothing';
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const note = `# ${random.pick(['note', "don't", 'a: b', '"'])} v${random.below(1_000)}`;
  const indent = ' '.repeat(random.below(5));
  const [line = ''] = lines.splice(at, 1);
  lines.splice(at, 0, ...random.pick([[`${indent}${note}`, line], [`${line} ${note}`], ['', line], [`${line}  `]]));
  files.set(path, lines.join('\n'));
  return `write a comment into ${path}`;
};

/** What commits do, as often as they do it. */
const mutations: readonly Mutation[] = [
  ...[changeValue, changeValue, changeValue, changeValue, writeComment],
  ...[touchDocument, touchDocument, addFile, addFile, removeFile, addReference],
  ...[moveLink, renameFile],
];

/** What one commit changes. */
export function mutate(files: Map<string, string>, random: Random): string {
  const changes = Array.from({ length: 1 + random.below(3) }, () => random.pick(mutations)(files, random));
  return changes.join(', ');
}
