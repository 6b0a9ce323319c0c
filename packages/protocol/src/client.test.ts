import { describe, expect, it } from 'vitest';
import { createApiClient, requestPath } from './client.ts';
import { ApiError } from './wire/api-error.ts';
import { errorBody } from './wire/error-body.ts';

interface Seen {
  url: string;
  init: RequestInit;
}

/** A fetch that answers with what the test says and records what was asked. */
function answering(body: string, status = 200): { fetch: typeof fetch; seen: Seen[] } {
  const seen: Seen[] = [];
  const run: typeof fetch = async (url, init) => {
    seen.push({ url: String(url), init: init ?? {} });
    return new Response(body, { status });
  };
  return { fetch: run, seen };
}

describe('requestPath', () => {
  it('escapes path parameters, repeats lists and leaves out what is undefined', () => {
    const path = requestPath(
      '/api/v1/applications/{name}',
      { name: 'a/b' },
      { project: ['x', 'y'], refresh: undefined, cascade: false },
    );
    expect(path).toBe('/api/v1/applications/a%2Fb?project=x&project=y&cascade=false');
  });
});

describe('createApiClient', () => {
  it('sends method, token and JSON body of the route', async () => {
    const { fetch, seen } = answering('{"metadata":{"name":"a"}}');
    const client = createApiClient({ url: 'http://server/', token: 't', fetch });
    await client.call('syncApplication', { params: { name: 'a' }, body: { prune: true } });
    expect(seen[0]?.url).toBe('http://server/api/v1/applications/a/sync');
    expect(seen[0]?.init).toMatchObject({
      method: 'POST',
      body: '{"prune":true}',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    });
  });

  it('sends the content type on writes without a body, which are refused without it', async () => {
    const { fetch, seen } = answering('{}');
    await createApiClient({ url: 'http://server', fetch }).call('terminateOperation', { params: { name: 'a' } });
    expect(seen[0]?.init.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('throws what the error body says', async () => {
    const { fetch } = answering(JSON.stringify(errorBody('PermissionDenied', 'permission denied')), 403);
    const call = createApiClient({ url: 'http://server', fetch }).call('getApplication', { params: { name: 'a' } });
    await expect(call).rejects.toMatchObject({ status: 403, code: 7, message: 'permission denied' });
  });

  it('keeps the text of an answer that is no error body', async () => {
    const { fetch } = answering('<html>bad gateway</html>', 502);
    const call = createApiClient({ url: 'http://server', fetch }).call('version');
    await expect(call).rejects.toThrow('the server answered 502: <html>bad gateway</html>');
  });

  it('names the server and the reason when it cannot be reached', async () => {
    const broken: typeof fetch = async () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });
    };
    const call = createApiClient({ url: 'http://server', fetch: broken }).call('version');
    await expect(call).rejects.toThrow('cannot reach http://server: connect ECONNREFUSED 127.0.0.1:1');
  });

  it.each([
    ['newline-delimited frames', '{"result":{"type":"ADDED"}}\n{"result":{"type":"DELETED"}}\n'],
    [
      'server-sent events with keep-alives',
      ':\n\ndata: {"result":{"type":"ADDED"}}\n\n:\n\ndata: {"result":{"type":"DELETED"}}\n\n',
    ],
  ])('reads %s', async (_, text) => {
    const { fetch } = answering(text);
    const types: string[] = [];
    for await (const event of createApiClient({ url: 'http://server', fetch }).stream('watchApplications'))
      types.push(event.type);
    expect(types).toEqual(['ADDED', 'DELETED']);
  });

  it('throws on an error frame', async () => {
    const { fetch } = answering('{"error":{"code":14,"message":"the server is stopping"}}\n');
    const read = async () => {
      for await (const _ of createApiClient({ url: 'http://server', fetch }).stream('watchApplications'))
        throw new Error('a frame');
    };
    await expect(read()).rejects.toEqual(new ApiError(503, 14, 'the server is stopping'));
  });
});
