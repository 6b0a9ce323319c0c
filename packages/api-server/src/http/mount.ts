import { stringifyJson } from '@plumbline/manifests';
import {
  type Answer,
  type Body,
  type CallName,
  type Params,
  type Query,
  type Route,
  type RouteName,
  type Routes,
  routes,
  type StreamName,
} from '@plumbline/protocol';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { Authenticate, User } from '../session/user.ts';
import { apiFailure } from './api-failure.ts';
import { bodyOf, readText } from './request-body.ts';

/** A validated request of a route. `user` is present on routes that need a session. */
export interface Call<N extends RouteName> {
  params: Params<N>;
  query: Query<N>;
  body: Body<N>;
  user: Routes[N]['access'] extends 'session' ? User : User | undefined;
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

function abortOnClose(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/** Routes of the protocol on an express router: authentication first, then body, validation, handler. */
export function mountOn(router: Router, authenticate: Authenticate): Mount {
  const userFor = async (route: Route, request: Request): Promise<User | undefined> => {
    // A stale cookie must not keep anyone from logging in again.
    if (route.access === 'anyone') return authenticate(request).catch(() => undefined);
    const user = await authenticate(request);
    if (!user) throw apiFailure('Unauthenticated', 'no session information');
    return user;
  };
  const add = <N extends RouteName>(name: N, answer: (call: Call<N>) => Promise<void>): void => {
    const route: Route = routes[name];
    const checkUser: RequestHandler = async (request, response, next) => {
      response.locals['user'] = await userFor(route, request);
      next();
    };
    const run: RequestHandler = async (request, response) => {
      const call = {
        params: request.params,
        query: route.query?.parse(request.query),
        body: route.body?.parse(bodyOf(request)),
        user: response.locals['user'] as User | undefined,
        signal: abortOnClose(response),
        request,
        response,
      };
      // The route table is what the parsed values and the handler's types have in common.
      await answer(call as unknown as Call<N>);
    };
    const method = route.method.toLowerCase() as Lowercase<Route['method']>;
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    const limit = route.access === 'session' ? bodyLimit : anonymousBodyLimit;
    router[method](path, label(name), checkUser, readText(limit), run);
  };
  return {
    call: (name, handler) => add(name, async (call) => sendJson(call.response, await handler(call))),
    stream: (name, handler) => add(name, (call) => handler(call)),
  };
}

/** Names the route for the request metrics. */
function label(name: RouteName): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = name;
    next();
  };
}
