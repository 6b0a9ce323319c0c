/** A place in a schema that names another document. */
export interface SchemaReference {
  /** As it is written. */
  written: string;
  /** The document, without the fragment. */
  target: string;
  /** With its `#`; '' where there is none. */
  fragment: string;
  replace(text: string): void;
}

export interface SchemaDocument {
  /** Without the id of the whole: references to it are references to this document. */
  schema: unknown;
  references: SchemaReference[];
  /** What the document is called by others, and by itself. */
  names: ReadonlySet<string>;
  /** An id in it that is a file's; none is allowed. */
  fileId: string | undefined;
}

/** Keywords whose value Helm resolves, and loads where it is not the same document. */
const referenceKeys = ['$ref', '$dynamicRef', '$recursiveRef', '$schema'] as const;
const idKeys = ['$id', 'id'] as const;
/** Helm brings these along. */
const known =
  /^https?:\/\/json-schema\.org\/(?:schema|draft-0[467]\/schema|draft\/(?:2019-09|2020-12)\/(?:schema|meta\/[\w-]+))$/;

type Members = Record<string, unknown>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function split(reference: string): { document: string; fragment: string } {
  const at = reference.indexOf('#');
  return at < 0
    ? { document: reference, fragment: '' }
    : { document: reference.slice(0, at), fragment: reference.slice(at) };
}

function resolveAgainst(base: string, reference: string): string {
  return URL.canParse(reference, base) ? new URL(reference, base).href : reference;
}

/** The id of a schema, as the base of what is below it; an anchor is none. */
function idOf(node: Members, base: string): string | undefined {
  const id = idKeys.map((key) => node[key]).find((value) => typeof value === 'string' && !value.startsWith('#'));
  return typeof id === 'string' ? split(resolveAgainst(base, id)).document : undefined;
}

function referencesOf(node: Members, base: string): SchemaReference[] {
  return referenceKeys.flatMap((key) => {
    const written = node[key];
    if (typeof written !== 'string') return [];
    const { document, fragment } = split(written);
    if (document === '') return [];
    const target = resolveAgainst(base, document);
    const replace = (text: string) => {
      node[key] = text;
    };
    return known.test(target) ? [] : [{ written, target, fragment, replace }];
  });
}

/**
 * What a schema refers to, wherever in it: keywords that Helm does not know may hold schemas too.
 *
 * @param schema is changed.
 * @param url where the document is.
 */
export function readSchema(schema: unknown, url: string): SchemaDocument {
  const names = new Set([url]);
  let top = url;
  if (isMembers(schema)) {
    top = idOf(schema, url) ?? url;
    names.add(top);
    for (const key of idKeys) if (typeof schema[key] === 'string' && !schema[key].startsWith('#')) delete schema[key];
  }
  const references: SchemaReference[] = [];
  let fileId: string | undefined;
  const open: { node: unknown; base: string }[] = [{ node: schema, base: top }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next;
    if (Array.isArray(node)) {
      for (const child of node) open.push({ node: child, base: next.base });
    } else if (isMembers(node)) {
      const id = idOf(node, next.base);
      if (id !== undefined && !/^(?:https?|urn):/i.test(id)) fileId ??= id;
      const base = id ?? next.base;
      references.push(...referencesOf(node, base));
      for (const child of Object.values(node)) open.push({ node: child, base });
    }
  }
  return { schema, references, names, fileId };
}
