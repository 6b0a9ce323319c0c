import type { KubeClient } from '@plumbline/cluster';
import { splitApiVersion } from '@plumbline/manifests';

/** How the members and entries of a value are merged; what it does not say is replaced in one piece. */
export interface MergeSchema {
  /** Of a list: entries are told apart by this member; `''` = they are plain values, each there once. */
  mergeKey: string | undefined;
  /** Of a map: members that the patch does not name go. */
  retainKeys: boolean;
  member(name: string): MergeSchema;
  entry(): MergeSchema;
}

/** Nothing is known: lists are atomic, as in a JSON merge patch. */
export const plainSchema: MergeSchema = {
  mergeKey: undefined,
  retainKeys: false,
  member: () => plainSchema,
  entry: () => plainSchema,
};

/** As much of an OpenAPI v3 schema as says how to merge. */
interface Schema {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

type Schemas = Readonly<Record<string, Schema>>;

const documents = new WeakMap<KubeClient, Map<string, Promise<Schemas>>>();

/**
 * How the server merges objects of a kind in a strategic merge patch, by its own OpenAPI document; undefined where it
 * does not say so: custom resources take JSON merge patches only.
 */
export async function mergeSchemaOf(
  client: KubeClient,
  { apiVersion, kind }: { apiVersion: string; kind: string },
): Promise<MergeSchema | undefined> {
  const { group, version } = splitApiVersion(apiVersion);
  if (group.includes('.') && !group.endsWith('.k8s.io')) return undefined;
  const schemas = await schemasOf(client, group === '' ? `api/${version}` : `apis/${group}/${version}`);
  const root = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (item) => item.group === group && item.version === version && item.kind === kind,
    ),
  );
  const metadata = root?.properties?.['metadata'];
  // The server writes schemas of custom resources itself: none of them says how to patch.
  if (!root || !metadata) return undefined;
  return view(root, schemas);
}

function schemasOf(client: KubeClient, path: string): Promise<Schemas> {
  const known = documents.get(client) ?? new Map<string, Promise<Schemas>>();
  documents.set(client, known);
  let document = known.get(path);
  if (!document) {
    document = client
      .raw('GET', `/openapi/v3/${path}`)
      .then((answer) => (answer as { components?: { schemas?: Schemas } }).components?.schemas ?? {});
    document.catch(() => known.delete(path));
    known.set(path, document);
  }
  return document;
}

function view(declared: Schema | undefined, schemas: Schemas): MergeSchema {
  if (!declared) return plainSchema;
  const schema = resolve(declared, schemas);
  const strategies = (declared['x-kubernetes-patch-strategy'] ?? '').split(',');
  return {
    mergeKey: strategies.includes('merge') ? (declared['x-kubernetes-patch-merge-key'] ?? '') : undefined,
    retainKeys: strategies.includes('retainKeys'),
    member: (name) => {
      const { properties = {}, additionalProperties } = schema;
      return view(
        properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined),
        schemas,
      );
    },
    // The strategy of a list says also whether its entries retain keys.
    entry: () => ({ ...view(schema.items, schemas), retainKeys: strategies.includes('retainKeys') }),
  };
}

function resolve(schema: Schema, schemas: Schemas): Schema {
  const [wrapped] = schema.allOf ?? [];
  const ref = schema.$ref ?? wrapped?.$ref;
  const name = ref?.slice(ref.lastIndexOf('/') + 1);
  return (name !== undefined && schemas[name]) || schema;
}
