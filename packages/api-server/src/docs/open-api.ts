import { type Route, routes } from '@plumbline/protocol';
import { z } from 'zod';

/** JSON Schema, or a part of an OpenAPI document. */
type Json = Record<string, unknown>;

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'openapi-3.0',
  });
  return rest;
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `listApplications` → `list applications`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The part of the path that says what a route is about. */
export function tagOf({ path }: Route): string {
  const parts = path.split('/').filter((part) => part !== '' && !part.startsWith('{'));
  const [, , first = 'general', second] = parts;
  return path.startsWith('/api/v1/') ? (first === 'stream' ? (second ?? first) : first) : 'general';
}

function parametersOf({ path, query }: Route): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties, required } = query ? schemaOf(query) : {};
  const names = Object.entries((properties ?? {}) as Json);
  const needed = Array.isArray(required) ? required : [];
  return [
    ...inPath,
    ...names.map(([name, schema]) => ({ name, in: 'query', required: needed.includes(name), schema })),
  ];
}

/** The REST contract as an OpenAPI 3.0 document, made of the same schemas that requests are checked with. */
export function openApi(version: string): Json {
  const schemas: Json = {};
  const known = new Map<z.ZodType, string>();
  const reference = (schema: z.ZodType, name: string): Json => {
    const key = known.get(schema) ?? name;
    if (!known.has(schema)) {
      known.set(schema, key);
      schemas[key] = schemaOf(schema);
    }
    return { $ref: `#/components/schemas/${key}` };
  };
  const error = {
    description: 'refused',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
  const operation = (name: string, route: Route): Json => {
    const answer = reference(route.response, `${capital(name)}Response`);
    const schema = route.stream ? { type: 'object', properties: { result: answer } } : answer;
    const body = route.body
      ? { 'application/json': { schema: reference(route.body, `${capital(name)}Request`) } }
      : undefined;
    return {
      operationId: name,
      summary: words(name),
      tags: [tagOf(route)],
      parameters: parametersOf(route),
      ...(body ? { requestBody: { content: body } } : {}),
      ...(route.access === 'anyone' ? { security: [] } : {}),
      responses: {
        200: {
          description: route.stream ? 'frames, one JSON object a line' : 'done',
          content: { 'application/json': { schema } },
        },
        default: error,
      },
    };
  };
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) };
  }
  schemas['Error'] = {
    type: 'object',
    properties: { error: { type: 'string' }, code: { type: 'integer' }, message: { type: 'string' } },
  };
  return {
    openapi: '3.0.3',
    info: { title: 'Plumbline', version },
    paths,
    components: {
      schemas,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ bearer: [] }],
  };
}
