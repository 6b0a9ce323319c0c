import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorMessage, PlumblineError } from '@plumbline/errors';
import { z } from 'zod';
import { type ParameterAnnouncement, parameterAnnouncementSchema } from './parameter-announcement.ts';
import { fullName, type PluginDescription } from './plugin-description.ts';
import { type PluginSource, sendSource } from './send-source.ts';
import { digestHeader, type Refusal, routes } from './wire.ts';

const pattern = z.string().min(1);
const descriptionSchema = z.object({
  name: z.string().min(1),
  version: z.string(),
  digest: z.string().min(1),
  discovery: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('fileName'), pattern }),
    z.object({ kind: z.literal('glob'), pattern }),
    z.object({ kind: z.literal('command') }),
  ]),
  inputs: z.enum(['repository', 'source']),
  credentials: z.boolean(),
});
const announcementsSchema = z.array(parameterAnnouncementSchema);
const matchSchema = z.object({ matches: z.boolean() });
const refusalSchema = z.object({ message: z.string(), hint: z.string().optional() });

/** A plugin that can be asked. */
export interface Plugin extends PluginDescription {
  socket: string;
}

interface Call {
  socket: string;
  path: string;
  /** Absent: GET. */
  source?: PluginSource;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  maxBytes: number;
}

interface Answer {
  status: number;
  body: string;
}

const maxDescriptionBytes = 1024 * 1024;
/** A description is given at once or not at all. */
const describeTimeoutMs = 5_000;

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Sends the source while it waits for the answer, which may come before the source has been read. */
async function call({ socket, path, source, headers, signal, maxBytes }: Call): Promise<Answer> {
  const method = source ? 'POST' : 'GET';
  const outgoing = request({
    socketPath: socket,
    path,
    method,
    agent: false,
    ...(headers ? { headers } : {}),
    ...(signal ? { signal } : {}),
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  const answer = answered.then(async (response): Promise<Answer> => {
    return { status: response.statusCode ?? 0, body: await readBody(response, maxBytes) };
  });
  const sent = source ? pipeline(Readable.from(sendSource(source)), outgoing) : Promise.resolve(outgoing.end());
  const sendingFailed = new Promise<never>((_resolve, reject) => {
    // A server that answers before it has read all is heard; what Git could not read is told.
    sent.catch((error: unknown) => (error instanceof PlumblineError ? reject(error) : undefined));
  });
  return Promise.race([answer, sendingFailed]);
}

function unreachable(name: string, error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof PlumblineError) return error;
  if (signal?.aborted) return signal.reason;
  return new PlumblineError('RENDER_PLUGIN_UNREACHABLE', `plugin ${name} does not answer: ${errorMessage(error)}`, {
    retry: 'transient',
    hint: 'check that its sidecar runs `plumb plugin-server`',
    cause: error,
  });
}

function parse<Value>(schema: z.ZodType<Value>, body: string): Value {
  return schema.parse(JSON.parse(body));
}

function refusalOf({ status, body }: Answer, name: string): PlumblineError {
  let refusal: Refusal;
  try {
    refusal = parse<Refusal>(refusalSchema as z.ZodType<Refusal>, body);
  } catch {
    refusal = { message: `plugin ${name} answered with status ${status}` };
  }
  const message = refusal.message.startsWith('plugin ') ? refusal.message : `plugin ${name}: ${refusal.message}`;
  return new PlumblineError('RENDER_FAILED', message, {
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    ...(status === 409 ? { retry: 'transient' as const } : {}),
    details: { plugin: name },
  });
}

async function post(
  plugin: Plugin,
  path: string,
  options: Pick<Call, 'source' | 'signal' | 'maxBytes'>,
): Promise<string> {
  const name = fullName(plugin);
  let answer: Answer;
  try {
    answer = await call({ socket: plugin.socket, path, headers: { [digestHeader]: plugin.digest }, ...options });
  } catch (error) {
    throw unreachable(name, error, options.signal);
  }
  if (answer.status === 200) return answer.body;
  throw refusalOf(answer, name);
}

/** Asks what plugin listens on a socket. Throws `RENDER_PLUGIN_UNREACHABLE` (transient). */
export async function describePlugin(socket: string, name: string): Promise<Plugin> {
  try {
    const signal = AbortSignal.timeout(describeTimeoutMs);
    const { status, body } = await call({ socket, path: routes.describe, signal, maxBytes: maxDescriptionBytes });
    if (status !== 200) throw new Error(`it answered with status ${status}`);
    return { ...parse(descriptionSchema, body), socket };
  } catch (error) {
    throw unreachable(name, error);
  }
}

/** Whether the plugin's discovery command claims the source. */
export async function askForMatch(plugin: Plugin, source: PluginSource): Promise<boolean> {
  const body = await post(plugin, routes.match, { source, maxBytes: maxDescriptionBytes });
  return parse(matchSchema, body).matches;
}

/** What the plugin says of the parameters that it takes for a source. Throws as {@link askForManifests} does. */
export async function askForParameters(
  plugin: Plugin,
  source: PluginSource,
  signal: AbortSignal | undefined,
): Promise<ParameterAnnouncement[]> {
  const body = await post(plugin, routes.parameters, { source, signal, maxBytes: maxDescriptionBytes });
  return parse(announcementsSchema, body);
}

/**
 * The manifests that the plugin makes of a source, as printed. Throws `RENDER_FAILED` with the command and its stderr,
 * `RENDER_PLUGIN_UNREACHABLE`, or the signal's reason.
 */
export async function askForManifests(
  plugin: Plugin,
  source: PluginSource,
  options: { signal: AbortSignal | undefined; maxBytes: number },
): Promise<string> {
  return post(plugin, routes.generate, { source, ...options });
}
