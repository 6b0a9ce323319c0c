import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { redact } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import type { Request, RequestHandler, Response } from 'express';
import type { Rights } from '../access/rights.ts';
import type { User } from '../session/user.ts';

/** What routes leave with a response for its records: see `mountOn`. */
export interface RequestFacts {
  /** Name in the protocol's table; absent for the few routes outside of it. */
  route?: string;
  user?: User | undefined;
  rights?: Rights;
  /** The name that a log-in was tried with. */
  loginName?: string;
}

const requestIdHeader = 'x-request-id';
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Probes come every few seconds and tell nothing. */
const unlogged = new Set(['/healthz']);
/** What shows more than state: lines of logs. */
const alwaysAudited = /^(applicationLogs|podLogs)$/;

/** The id that a proxy before us gave, where it is one, else a new one. */
function requestIdOf(request: Request): string {
  const given = request.get(requestIdHeader) ?? '';
  return /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** Where a request came from. What a proxy says is told beside it: anyone can say it. */
function originOf({ headers, socket }: IncomingMessage): Record<string, string> {
  const forwarded = headers['x-forwarded-for']?.toString();
  return {
    from: socket.remoteAddress ?? '',
    ...(forwarded ? { forwardedFor: forwarded.slice(0, 256) } : {}),
  };
}

function callerOf({ user, loginName }: RequestFacts): Record<string, unknown> {
  if (!user) return loginName === undefined ? {} : { user: loginName.slice(0, 32) };
  const { username, issuer, groups, tokenId } = user;
  return {
    user: username,
    ...(issuer ? { issuer } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(tokenId ? { tokenId } : {}),
  };
}

function decisionsOf({ rights }: RequestFacts, refused: boolean): Record<string, unknown> {
  const list = rights?.decisions.list(refused) ?? [];
  return list.length > 0 ? { decisions: list.map((one) => ({ ...one, object: redact(one.object) })) } : {};
}

/** Paths may hold the address of a repository, and that a password. */
function pathOf(request: Request): string {
  const { path } = request;
  try {
    const plain = decodeURIComponent(path);
    return plain === redact(plain) ? path : redact(plain);
  } catch {
    return redact(path);
  }
}

/**
 * One line for each request (`log: access`), and one (`log: audit`) for each that changes something, reads logs, or was refused:
 * who, what, which rights were asked and how they were answered, from where. Both carry the id of the request, which is the
 * header `x-request-id` of the answer, too. Never bodies, headers or queries: those may hold secrets.
 */
export function logRequests(logger: Logger): RequestHandler {
  const access = logger.child({ log: 'access' });
  const audit = logger.child({ log: 'audit' });
  return (request, response, next) => {
    const requestId = requestIdOf(request);
    response.set(requestIdHeader, requestId);
    response.locals['requestId'] = requestId;
    const start = performance.now();
    const [method, path] = [request.method, pathOf(request)];
    response.once('close', () => {
      if (unlogged.has(path)) return;
      const facts = response.locals as RequestFacts;
      const what = { requestId, method, path, ...(facts.route ? { route: facts.route } : {}) };
      const who = { ...callerOf(facts), ...originOf(request) };
      const outcome = outcomeOf(response);
      const ms = Math.round((performance.now() - start) * 10) / 10;
      access.info('request', { ...what, ...who, status: outcome.status, ms });
      if (!outcome.allowed || !reading.has(method) || alwaysAudited.test(facts.route ?? '')) {
        audit.info('audit', { ...what, ...who, ...outcome, ...decisionsOf(facts, !outcome.allowed) });
      }
    });
    next();
  };
}

/** 499: the caller went away before there was an answer. */
function outcomeOf(response: Response): { status: number; allowed: boolean } {
  const status = response.headersSent ? response.statusCode : 499;
  return { status, allowed: status !== 401 && status !== 403 };
}

/** What became of a connection that asked for another protocol: it has no response that {@link logRequests} could see the end of. */
export interface UpgradeOutcome {
  route: string;
  user?: User | undefined;
  /** 101 where it was granted. */
  status: number;
  /** What it is about, beside who asked. */
  about: Readonly<Record<string, string>>;
}

/** The audit record of such a connection. */
export function logUpgrade(
  logger: Logger,
  request: IncomingMessage,
  { user, status, about, route }: UpgradeOutcome,
): void {
  const [path = ''] = (request.url ?? '').split('?');
  const who = { ...callerOf({ user }), ...originOf(request) };
  const allowed = status !== 401 && status !== 403;
  const what = { requestId: randomUUID(), method: request.method, path, route, ...about };
  logger.child({ log: 'audit' }).info('audit', { ...what, ...who, status, allowed });
}
