/** A node of an OpenAPI v3 schema as CustomResourceDefinitions take it. */
export interface StructuralSchema {
  type?: string;
  description?: string;
  format?: string;
  properties?: Record<string, StructuralSchema>;
  required?: string[];
  items?: StructuralSchema;
  additionalProperties?: StructuralSchema;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  'x-kubernetes-int-or-string'?: true;
  'x-kubernetes-preserve-unknown-fields'?: true;
}

const intOrString = 'x-kubernetes-int-or-string';
const preserveUnknown = 'x-kubernetes-preserve-unknown-fields';
/** Members that mean the same in both dialects. */
const keptAsIs = ['type', 'description', 'format', 'enum', 'pattern', 'minLength'] as const;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kept(schema: Record<string, unknown>): StructuralSchema {
  return Object.fromEntries(keptAsIs.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]));
}

function objectMembers(schema: Record<string, unknown>, path: string): StructuralSchema {
  const { properties, additionalProperties, required } = schema;
  if (isRecord(properties)) {
    const members = Object.entries(properties).map(([name, member]) => [name, node(member, `${path}.${name}`)]);
    const names = Array.isArray(required) ? required.map(String).sort() : [];
    return { properties: Object.fromEntries(members), ...(names.length > 0 ? { required: names } : {}) };
  }
  if (!isRecord(additionalProperties)) throw new Error(`${path}: an object needs members or a map type`);
  return { additionalProperties: node(additionalProperties, `${path}.*`) };
}

function node(schema: unknown, path: string): StructuralSchema {
  if (!isRecord(schema)) throw new Error(`${path}: not a schema`);
  const { description } = schema;
  const words = typeof description === 'string' ? { description } : {};
  if (schema[intOrString] === true) return { ...words, [intOrString]: true };
  if (schema[preserveUnknown] === true) {
    return { ...words, ...(schema['type'] === 'object' ? { type: 'object' } : {}), [preserveUnknown]: true };
  }
  switch (schema['type']) {
    case 'object':
      return { ...kept(schema), ...objectMembers(schema, path) };
    case 'array':
      return { ...kept(schema), items: node(schema['items'], `${path}[]`) };
    case 'string':
    case 'boolean':
    case 'integer':
    case 'number':
      return kept(schema);
    default:
      throw new Error(`${path}: ${JSON.stringify(schema)} has no structural form`);
  }
}

/**
 * The structural schema of a custom resource from its JSON schema (draft 2020-12, without references). Limits of
 * JavaScript numbers, `const` of apiVersion and kind, and the members of metadata are left out: the API server knows
 * those better. Openness is left out too: like Argo CD's, these CRDs prune what no schema names. Throws an Error with the
 * path for what has no structural form.
 */
export function structuralSchema(jsonSchema: unknown): StructuralSchema {
  const root = node(jsonSchema, '');
  const required = (root.required ?? []).filter((name) => name !== 'apiVersion' && name !== 'kind');
  const properties = { ...root.properties, metadata: { type: 'object' } };
  return { ...root, properties, required };
}
