import { createHash } from 'node:crypto';
import { withoutComments } from '@plumbline/manifests';
import { boundedMap } from '../bounded-map.ts';
import type { Found, RepositoryView } from './repository-view.ts';

/** How a tool reads a file: byte for byte, or as YAML, where comments mean nothing. */
export type Reading = 'bytes' | 'yaml';

/** Longer texts are what they are: to read them twice costs more than a render that changes nothing. */
const maxBytes = 256 * 1024;
/** Comments of ours (reference §7.4). */
const meaningful = '+argocd:';
const yamlName = /\.ya?ml$|(?:^|\/)Kustomization$/;

/** Ids of texts without comments, by the ids of the blobs. */
const known = boundedMap<string, string>(50_000);

/** The id that Git gives a text, by the algorithm that made the other id. */
function blobId(text: string, like: string): string {
  const content = Buffer.from(text);
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}

async function read(view: RepositoryView, oid: string): Promise<string> {
  if ((await view.reader.blobSize(oid)) > maxBytes) return oid;
  const text = await view.text(oid);
  if (text.includes(meaningful)) return oid;
  const plain = withoutComments(text);
  return plain === text ? oid : blobId(plain, oid);
}

/**
 * What a YAML file says, as an id: that of a blob with the same text but without comments and blank lines (which is its
 * own id where it has none). Files of the same id lead to the same objects, so that a commit which changes comments only
 * renders nothing. Undefined for what is no YAML file by its name.
 */
export async function wordingOf(view: RepositoryView, { path, oid }: Found): Promise<string | undefined> {
  if (!yamlName.test(path)) return undefined;
  const remembered = known.get(oid);
  if (remembered !== undefined) return remembered;
  const wording = await read(view, oid);
  known.set(oid, wording);
  return wording;
}
