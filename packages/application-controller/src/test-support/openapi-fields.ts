import type { KubeClient } from '@plumbline/cluster';
import { type JsonValue, type KubeObject, splitApiVersion } from '@plumbline/manifests';
import type { Random } from './random.ts';

/** As much of an OpenAPI v3 schema as values are made from. */
interface Schema {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  format?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

const texts = ['a', 'b', 'web', 'http', 'x-1', 'example.org/a', '/path', '10.0.0.7', '25%', 'Always', 'TCP', 'None'];
const quantities = ['1', '1000m', '0.5', '1Gi', '1024Mi', '2G', '0'];

/** Makes values for fields as the server's own schemas describe them: most are refused, and those that are not are fields. */
export class OpenApiFields {
  readonly #schemas = new Map<string, Schema>();
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** A copy of the object with one more field, or another value for one, somewhere outside its metadata. */
  async withField(object: KubeObject, random: Random): Promise<KubeObject> {
    const root = await this.#schemaOf(object);
    const {
      apiVersion: _version,
      kind: _kind,
      metadata: _metadata,
      status: _status,
      ...members
    } = root.properties ?? {};
    const copy = structuredClone(object);
    this.#grow(copy as unknown as Record<string, JsonValue>, { properties: members }, random);
    return copy;
  }

  #grow(value: Record<string, JsonValue>, schema: Schema, random: Random): void {
    const { properties = {} } = this.#resolve(schema);
    const name = random.pick(Object.keys(properties));
    const member = name === undefined ? undefined : properties[name];
    if (name === undefined || !member) return;
    const current = value[name];
    const deeper = Array.isArray(current) ? random.pick(current) : current;
    const inner = Array.isArray(current) ? this.#resolve(member).items : member;
    if (isRecord(deeper) && inner && random.chance(0.8)) this.#grow(deeper, inner, random);
    else value[name] = this.#value(member, random, 3);
  }

  #value(schema: Schema, random: Random, depth: number): JsonValue {
    const resolved = this.#resolve(schema);
    if (resolved.enum) return random.pick(resolved.enum) ?? '';
    if (schema.$ref?.endsWith('.Quantity') || resolved.oneOf) return random.pick([...quantities, 80, 'http']) ?? 1;
    switch (resolved.type) {
      case 'string':
        return random.pick(texts) ?? '';
      case 'integer':
      case 'number':
        return random.below(40);
      case 'boolean':
        return random.chance(0.5);
      case 'array':
        return Array.from({ length: random.below(3) }, () => this.#value(resolved.items ?? {}, random, depth - 1));
      default:
        return this.#record(resolved, random, depth);
    }
  }

  #record({ properties = {}, additionalProperties }: Schema, random: Random, depth: number): Record<string, JsonValue> {
    const value: Record<string, JsonValue> = {};
    for (const [name, member] of Object.entries(properties)) {
      if (depth > 0 && random.chance(0.25)) value[name] = this.#value(member, random, depth - 1);
    }
    if (typeof additionalProperties === 'object') value['a'] = this.#value(additionalProperties, random, depth - 1);
    return value;
  }

  #resolve(schema: Schema): Schema {
    const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
    if (!reference) return schema;
    return this.#schemas.get(reference.split('/').at(-1) ?? '') ?? {};
  }

  async #schemaOf({ apiVersion, kind }: KubeObject): Promise<Schema> {
    const { group, version } = splitApiVersion(apiVersion);
    const isIt = (schema: Schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        (item) => item.group === group && item.version === version && item.kind === kind,
      );
    const known = [...this.#schemas.values()].find(isIt);
    if (known) return known;
    const path = group ? `/openapi/v3/apis/${group}/${version}` : `/openapi/v3/api/${version}`;
    const document = (await this.#client.raw('GET', path)) as { components: { schemas: Record<string, Schema> } };
    for (const [name, schema] of Object.entries(document.components.schemas)) this.#schemas.set(name, schema);
    return Object.values(document.components.schemas).find(isIt) ?? {};
  }
}

function isRecord(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
