import { parseJson } from '@plumbline/manifests';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { apiFailure } from './api-failure.ts';
import { jsonValues } from './json-values.ts';

const bodiless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes whose content type is not JSON with 415 (reference §8.1): a form on another site cannot send that type,
 * so a browser's cookie cannot be abused. A charset parameter is accepted.
 */
export function requireJson(request: Request, response: Response, next: NextFunction): void {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (bodiless.has(request.method) || type.trim().toLowerCase() === 'application/json') {
    next();
    return;
  }
  response.status(415).type('text/plain').send('Invalid content type');
}

/** Reads the body as text, at most `limit` bytes. */
export function readText(limit: number): RequestHandler {
  return express.text({ type: () => true, limit, defaultCharset: 'utf-8' });
}

/** The values of a body that holds several after each other, or an array of them. */
export function bodyValuesOf(request: Request): unknown {
  const text: unknown = request.body;
  if (typeof text !== 'string') return [];
  try {
    const values = jsonValues(text).map((value) => parseJson(value));
    return values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
  } catch (error) {
    throw apiFailure('InvalidArgument', 'the request body is not valid JSON', error);
  }
}

/** The parsed body; `{}` for an empty one. 64-bit whole numbers survive. The text is not quoted in the error. */
export function bodyOf(request: Request): unknown {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text.trim() === '') return {};
  try {
    return parseJson(text);
  } catch (error) {
    throw apiFailure('InvalidArgument', 'the request body is not valid JSON', error);
  }
}
