import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { errorBodySchema, httpStatusOf } from './error-body.ts';

const frameSchema = z.object({
  result: z.unknown().optional(),
  error: z.union([errorBodySchema.partial({ error: true }), z.string()]).optional(),
});

/** Lines of a byte stream, without their ends. */
async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest) yield rest;
}

/** Reads a body in chunks where the stream type itself cannot be iterated (some browsers). */
async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * The `result` of every frame of a stream, newline-delimited or server-sent events; keep-alive lines are passed over.
 * An `{"error": …}` frame throws {@link ApiError}.
 */
export async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  for await (const line of lines(chunks(body))) {
    const text = line.startsWith('data:') ? line.slice(5).trim() : line.trim();
    if (!text || text.startsWith(':')) continue;
    const frame = frameSchema.parse(JSON.parse(text));
    if (frame.error !== undefined) {
      const error = typeof frame.error === 'string' ? { code: 2, message: frame.error } : frame.error;
      throw new ApiError(httpStatusOf(error.code), error.code, error.message);
    }
    yield frame.result;
  }
}
