import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { answerError, networkError } from './errors.ts';
import { AbortedError } from './exchange.ts';

const body = (message: string, reason = '') => JSON.stringify({ kind: 'Status', message, reason, code: 0 });
const error = (status: number, text: string) => answerError({ status, body: text, verb: 'get', path: '/p' });

describe('errors of answers', () => {
  it.each([
    [400, body('bad', 'BadRequest'), 'KUBE_INVALID', 'terminal'],
    [401, body('who?', 'Unauthorized'), 'KUBE_UNAUTHORIZED', 'terminal'],
    [403, body('no', 'Forbidden'), 'KUBE_FORBIDDEN', 'terminal'],
    [404, body('configmaps "a" not found', 'NotFound'), 'KUBE_NOT_FOUND', 'terminal'],
    [404, body('the server could not find the requested resource', 'NotFound'), 'KUBE_NO_SUCH_KIND', 'terminal'],
    [404, '404 page not found', 'KUBE_NO_SUCH_KIND', 'terminal'],
    [409, body('exists', 'AlreadyExists'), 'KUBE_ALREADY_EXISTS', 'terminal'],
    [409, body('conflict', 'Conflict'), 'KUBE_CONFLICT', 'terminal'],
    [410, body('old', 'Expired'), 'KUBE_GONE', 'transient'],
    [415, body('what?', 'UnsupportedMediaType'), 'KUBE_ERROR', 'terminal'],
    [422, body('field is immutable', 'Invalid'), 'KUBE_INVALID', 'terminal'],
    [429, body('slow down', 'TooManyRequests'), 'KUBE_TOO_MANY_REQUESTS', 'transient'],
    [500, body('failed calling webhook', 'InternalError'), 'KUBE_UNAVAILABLE', 'transient'],
    [500, body('failed to create typed patch object (a): .x: expected string'), 'KUBE_INVALID', 'terminal'],
    [503, 'upstream down', 'KUBE_UNAVAILABLE', 'transient'],
  ])('%i %s is %s, %s', (status, text, code, retry) => {
    expect(error(status, text)).toMatchObject({ code, retry, details: { status, verb: 'get', path: '/p' } });
  });

  it('carry the words of the server', () => {
    const message = 'Service "a" is invalid: spec.ports[0].port: Invalid value: 700000';
    expect(error(422, body(message, 'Invalid')).message).toBe(message);
    expect(error(502, '').message).toBe('the API server answered 502 to get /p');
  });
});

describe('errors without an answer', () => {
  const call = { verb: 'get', path: '/p', server: 'https://example' };

  it('are transient and name the server', () => {
    const cause = new AggregateError([
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED 127.0.0.1:1'),
    ]);
    const found = networkError(cause, call);
    expect(found).toBeInstanceOf(PlumblineError);
    expect(found).toMatchObject({ code: 'KUBE_UNAVAILABLE', retry: 'transient', details: { status: 0 } });
    expect(String(found)).toContain('https://example could not be reached: connect ECONNREFUSED ::1:1; connect');
  });

  it('leave an abort what it is', () => {
    const aborted = new AbortedError();
    expect(networkError(aborted, call)).toBe(aborted);
  });
});
