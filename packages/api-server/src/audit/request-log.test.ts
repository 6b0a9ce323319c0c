import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogFields, Logger } from '@plumbline/telemetry';
import express from 'express';
import { afterEach, expect, it } from 'vitest';
import { createRights } from '../access/rights.ts';
import { logRequests, logUpgrade } from './request-log.ts';

const lines: LogFields[] = [];
const logger = (fields: LogFields): Logger => {
  const log = (message: string, more: LogFields = {}) => lines.push({ ...fields, ...more, message });
  return { debug: log, info: log, warn: log, error: log, child: (more) => logger({ ...fields, ...more }) };
};

let server: Server | undefined;
afterEach(() => {
  server?.close();
  lines.length = 0;
});

/** A server whose only route needs `applications, sync, default/web`, which ann has. */
async function serve(): Promise<string> {
  const app = express().use(logRequests(logger({})));
  app.all('/{*path}', (request, response) => {
    const name = request.get('x-user') ?? '';
    const user = { username: name, issuer: 'argocd', groups: ['team'], expiresAt: 0, tokenId: 'id-1', login: true };
    const rights = createRights({
      subject: { name, groups: [] },
      enforcer: () => ({ can: ({ name: who }) => who === 'ann' }),
      settings: { objectsInherit: false, revisionNeedsOverride: false, rollbackNeedsOwnRight: false },
      version: () => 0,
    });
    Object.assign(response.locals, { user, rights, route: 'syncApplication' });
    try {
      rights.require('applications', 'sync', 'default/web');
      response.json({});
    } catch {
      response.status(403).json({});
    }
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((done) => server?.once('listening', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function told(path: string, init: RequestInit & { user: string }): Promise<LogFields[]> {
  const { user, headers, ...rest } = init;
  const response = await fetch((await serve()) + path, { ...rest, headers: { 'x-user': user, ...headers } });
  await response.text();
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  expect(response.headers.get('x-request-id')).toBe(lines[0]?.['requestId']);
  return lines;
}

const decision = { resource: 'applications', action: 'sync', object: 'default/web' };

it('tells of a write who asked for what, from where, and that it was allowed', async () => {
  const [access, audit] = await told('/api/v1/applications/web/sync', { user: 'ann', method: 'POST' });
  expect(access).toMatchObject({ log: 'access', method: 'POST', status: 200, user: 'ann', ms: expect.any(Number) });
  expect(audit).toMatchObject({
    log: 'audit',
    route: 'syncApplication',
    user: 'ann',
    groups: ['team'],
    tokenId: 'id-1',
    from: expect.stringContaining('127.0.0.1'),
    allowed: true,
    decisions: [{ ...decision, allowed: true }],
  });
});

it('tells of a refused read, and of no other read', async () => {
  const refused = await told('/api/v1/applications', { user: 'bob' });
  expect(refused[1]).toMatchObject({ log: 'audit', allowed: false, decisions: [{ ...decision, allowed: false }] });
  lines.length = 0;
  expect((await told('/api/v1/applications', { user: 'ann' })).map(({ log }) => log)).toEqual(['access']);
});

it('takes over the id of a proxy and what it says of the caller, but no text that is none', async () => {
  const headers = { 'x-request-id': 'abc-1', 'x-forwarded-for': '203.0.113.9' };
  expect(await told('/x', { user: 'ann', headers })).toMatchObject([
    { requestId: 'abc-1', forwardedFor: '203.0.113.9' },
  ]);
  lines.length = 0;
  const [line] = await told('/x', { user: 'ann', headers: { 'x-request-id': 'a b"}' } });
  expect(line?.['requestId']).toMatch(/^[0-9a-f-]{36}$/);
});

it('keeps passwords in addresses, queries and bodies out', async () => {
  const path = `/api/v1/repositories/${encodeURIComponent('https://u:canary@git.example/r')}?token=canary`;
  await told(path, { user: 'ann', method: 'PUT', body: 'canary', headers: { authorization: 'Bearer canary' } });
  expect(JSON.stringify(lines)).not.toContain('canary');
});

it('tells of terminals who asked for which, and never what is in the query besides', () => {
  const request = {
    method: 'GET',
    url: '/terminal?pod=web&token=canary',
    headers: { 'x-forwarded-for': '203.0.113.9' },
    socket: { remoteAddress: '127.0.0.1' },
  } as unknown as IncomingMessage;
  logUpgrade(logger({}), request, { route: 'terminal', status: 403, about: { pod: 'web' } });
  expect(lines).toMatchObject([
    { log: 'audit', path: '/terminal', pod: 'web', allowed: false, from: '127.0.0.1', forwardedFor: '203.0.113.9' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('canary');
});
