/** A raw commit or annotated tag, taken apart into what was signed and the signature. */
export interface SignedObject {
  kind: 'commit' | 'tag';
  /** The bytes that a signature is over. */
  payload: Buffer;
  /** Armored signatures as they stand in the object; more than one is never right. */
  signatures: readonly string[];
  /** Who made it: committer or tagger, as `Name <address>`. */
  by: string;
  /** Of a commit. */
  parents: readonly string[];
  message: string;
  /** Of a tag: what it points at, and the name it gives itself. */
  target?: { oid: string; name: string };
}

/** In a repository of SHA-256 the signature over the object itself is in the second header; the other is never payload. */
const signatureHeaders = ['gpgsig', 'gpgsig-sha256'] as const;
const armor = /^-----BEGIN (PGP (SIGNATURE|MESSAGE)|SSH SIGNATURE|SIGNED MESSAGE)-----$/gm;

interface Header {
  key: string;
  /** Without the blank that begins continued lines. */
  value: string;
  start: number;
  end: number;
}

/** One character a byte, so that offsets are those of the object. */
function headersOf(head: string): Header[] {
  const headers: Header[] = [];
  for (let start = 0; start < head.length; ) {
    const end = head.indexOf('\n', start) + 1 || head.length;
    const line = head.slice(start, end).replace(/\n$/, '');
    const last = headers.at(-1);
    if (line.startsWith(' ') && last) {
      last.value += `\n${line.slice(1)}`;
      last.end = end;
    } else {
      const cut = line.indexOf(' ');
      headers.push({ key: line.slice(0, cut), value: line.slice(cut + 1), start, end });
    }
    start = end;
  }
  return headers;
}

function without(content: Buffer, headers: readonly Header[]): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end } of headers) {
    parts.push(content.subarray(from, start));
    from = end;
  }
  return Buffer.concat([...parts, content.subarray(from)]);
}

function text(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/**
 * Takes a raw commit or tag apart as git does: the signature of a commit is a header, that of a tag the end of its
 * message.
 * @param idLength hexadecimal digits of the repository's object ids.
 */
export function parseSigned(kind: SignedObject['kind'], content: Buffer, idLength: number): SignedObject {
  const headEnd = content.indexOf('\n\n');
  const length = headEnd < 0 ? content.length : headEnd + 1;
  const headers = headersOf(content.toString('latin1', 0, length));
  const signed = headers.filter(({ key }) => (signatureHeaders as readonly string[]).includes(key));
  const values = (wanted: string) => headers.filter(({ key }) => key === wanted).map(({ value }) => value);
  const by = text(values(kind === 'commit' ? 'committer' : 'tagger')[0] ?? '').replace(/ \d+ [+-]\d{4}$/, '');
  const body = content.toString('latin1', length + 1);
  if (kind === 'commit') {
    const own = idLength === 64 ? 'gpgsig-sha256' : 'gpgsig';
    return {
      kind,
      by,
      payload: without(content, signed),
      signatures: values(own),
      parents: values('parent'),
      message: text(body),
    };
  }
  const at = [...body.matchAll(armor)].at(-1)?.index;
  const end = at === undefined ? content.length : length + 1 + at;
  return {
    kind,
    by,
    payload: without(content.subarray(0, end), signed),
    signatures: at === undefined ? [] : [body.slice(at)],
    parents: [],
    message: text(at === undefined ? body : body.slice(0, at)),
    target: { oid: values('object')[0] ?? '', name: text(values('tag')[0] ?? '') },
  };
}
