import { createHash } from 'node:crypto';
import { stringifyJson } from '@plumbline/manifests';
import {
  type Answer,
  type Body,
  type CallName,
  type Params,
  type Query,
  type Route,
  type RouteAccess,
  type RouteName,
  type Routes,
  routes,
  type StreamName,
} from '@plumbline/protocol';
import type { Logger } from '@plumbline/telemetry';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { AccessControl } from '../access/access-control.ts';
import type { Gate, GatedCall } from '../access/gate.ts';
import type { Rights } from '../access/rights.ts';
import { projection } from '../applications/projection.ts';
import type { ApiEvents } from '../audit/api-events.ts';
import type { Authenticate, User } from '../session/user.ts';
import { apiFailure } from './api-failure.ts';
import { dropNulls } from './drop-nulls.ts';
import { queryOf } from './place-in-body.ts';
import { bodyOf, bodyValuesOf, readText } from './request-body.ts';

/** A validated request of a route that its caller may use. `user` is absent only on routes that are open to anyone. */
export interface Call<N extends RouteName> {
  params: Params<N>;
  query: Query<N>;
  body: Body<N>;
  user: Routes[N]['access'] extends 'anyone' ? User | undefined : User;
  /** What the caller may do beyond what the route table says and the gate has enforced. */
  rights: Rights;
  /** Aborts when the caller goes away. */
  signal: AbortSignal;
  request: Request;
  response: Response;
}

export type Handler<N extends CallName> = (call: Call<N>) => Answer<N> | Promise<Answer<N>>;
export type StreamHandler<N extends StreamName> = (call: Call<N>) => Promise<void>;

/** Mounts handlers on a router by the names of the protocol's route table. */
export interface Mount {
  call<N extends CallName>(name: N, handler: Handler<N>): void;
  stream<N extends StreamName>(name: N, handler: StreamHandler<N>): void;
}

const bodyLimit = 16 * 1024 * 1024;
/** Of routes that a stranger can call. */
const anonymousBodyLimit = 64 * 1024;

/** Writes a JSON answer. */
export function sendJson(response: Response, value: unknown, status = 200): void {
  response.status(status).set('content-type', 'application/json').end(stringifyJson(value));
}

/** A list with the fields that the caller asks for. The list of Applications has been through this already: it changes nothing again. */
function projectedList({ query }: Request, value: unknown): unknown {
  return projection(typeof query['fields'] === 'string' ? query['fields'] : undefined)(value);
}

/** Writes a list with a tag of what it holds; a caller who has just that is told so and gets nothing again. */
function sendList({ request, response }: Pick<Call<CallName>, 'request' | 'response'>, value: unknown): void {
  const json = stringifyJson(value);
  const etag = `"${createHash('sha256').update(json).digest('base64url').slice(0, 27)}"`;
  response.set({ etag, 'cache-control': 'private, no-cache', vary: 'authorization, cookie' });
  const known = (request.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag)) response.status(304).end();
  else response.status(200).set('content-type', 'application/json').end(json);
}

const readBody = ({ manyValues }: Route, request: Request): unknown =>
  manyValues ? bodyValuesOf(request) : dropNulls(bodyOf(request));

function abortOnClose(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

export interface MountOptions {
  authenticate: Authenticate;
  access: AccessControl;
  /** Enforces the rights of the route table. */
  gate: Gate;
  /** Whether callers without a token are let in, with the rights of everyone. */
  anonymous(): boolean;
  /** Gives a caller whose session ends soon a new one. */
  renew(user: User, request: Request, response: Response): Promise<void>;
  events: ApiEvents;
  logger: Logger;
}

type OpenCall = Omit<GatedCall, 'rights'> & { request: Request; response: Response };

const anonymousUser: User = { username: '', issuer: '', groups: [], expiresAt: 0, tokenId: '', login: false };

/** How often an open stream is looked at: whoever loses rights or session loses it within twice this. */
const streamCheckMs = 2_000;

/** Routes of the protocol on an express router: authentication first, then body, validation, rights, handler. */
export function mountOn(router: Router, options: MountOptions): Mount {
  const add = <N extends RouteName>(name: N, answer: (call: Call<N>) => Promise<void>): void => {
    const route: Route = routes[name];
    const checkUser: RequestHandler = async (request, response, next) => {
      const user = await userFor(route, request, options);
      if (user) await options.renew(user, request, response);
      response.locals['user'] = user;
      next();
    };
    const run: RequestHandler = async (request, response) => {
      const user = response.locals['user'] as User | undefined;
      const body = route.body ? readBody(route, request) : undefined;
      const call = {
        params: textParams(request.params),
        query: route.query?.parse(queryOf(route, request.query, body)),
        body: route.body?.parse(body),
        user,
        rights: options.access.rightsOf(user),
        signal: abortOnClose(response),
        request,
        response,
      };
      response.locals['rights'] = call.rights;
      options.events.watch(name, call, response);
      await options.gate(route.access, call);
      // The route table is what the parsed values and the handler's types have in common.
      await answer(call as unknown as Call<N>);
    };
    const method = route.method.toLowerCase() as Lowercase<Route['method']>;
    const path = pathOf(route);
    const limit = route.access === 'anyone' ? anonymousBodyLimit : bodyLimit;
    router[method](path, label(name), checkUser, readText(limit), run);
  };
  return {
    call: (name, handler) =>
      add(name, async (call) => {
        const value = await handler(call);
        checkAsked(name, call, options.logger);
        if (name.startsWith('list')) sendList(call, projectedList(call.request, value));
        else sendJson(call.response, value);
      }),
    stream: (name, handler) =>
      add(name, async (call) => {
        const stop = endWithRights(routes[name].access, call, options);
        await handler(call).finally(stop);
      }),
  };
}

/** The path as express has it; `{subresource}` takes the rest of the path, slashes and nothing included. */
function pathOf({ path }: Route): string {
  return path.replace('/{subresource}', '{/*subresource}').replace(/\{(\w+)\}/g, ':$1');
}

/** Path parameters as texts: express gives the rest of a path in pieces. */
function textParams(params: Request['params']): Record<string, string> {
  const texts = Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]);
  return { subresource: '', ...Object.fromEntries(texts) };
}

async function userFor(route: Route, request: Request, options: MountOptions): Promise<User | undefined> {
  // A stale cookie must not keep anyone from logging in again.
  if (route.access === 'anyone') return options.authenticate(request).catch(() => undefined);
  const user = await options.authenticate(request);
  if (!user && !options.anonymous()) throw apiFailure('Unauthenticated', 'no session information');
  return user ?? anonymousUser;
}

/** What a handler decides itself is closed until it has. */
function checkAsked(name: RouteName, { rights }: { rights: Rights }, logger: Logger): void {
  if (routes[name].access === 'anyone' || rights.asked()) return;
  logger.error('the handler of a route has asked for no right; its answer is withheld', { route: name });
  throw apiFailure('PermissionDenied', 'permission denied');
}

/** Ends a stream soon after its caller has lost the session or what the route table wants of him. */
function endWithRights(
  routeAccess: RouteAccess,
  { params, query, body, request, response }: OpenCall,
  { authenticate, anonymous, logger, gate, access }: MountOptions,
): () => void {
  const look = async (): Promise<void> => {
    const user = await authenticate(request);
    if (!user && !anonymous()) throw apiFailure('Unauthenticated', 'no session information');
    await gate(routeAccess, { params, query, body, rights: access.rightsOf(user ?? anonymousUser) });
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      clearInterval(timer);
      logger.info('a stream ends: its caller has lost the right to it', { path: request.path, error });
      response.end();
    });
  }, streamCheckMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Names the route for the request metrics. */
function label(name: RouteName): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = name;
    next();
  };
}
