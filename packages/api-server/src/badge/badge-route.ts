import { type Application, sourcesOf } from '@plumbline/apis';
import type { Express, Request } from 'express';
import type { ApplicationCache } from '../applications/application-cache.ts';
import { asApplication } from '../applications/application-object.ts';
import { projectOf } from '../applications/filter.ts';
import { type BadgeFacts, badge } from './badge.ts';

export interface BadgeParts {
  cache: ApplicationCache;
  /** Of the control plane. */
  namespace: string;
  enabled(): boolean;
}

const unknown: BadgeFacts = { health: 'Not Found', sync: '' };
const maxWidth = 2_000;
/** As many digits of a commit as people read. */
const shortLength = 7;

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string' && one !== '');

/** The first of the worst. */
function worst(values: string[], order: string[]): string {
  return order.find((one) => values.includes(one)) ?? values[0] ?? 'Unknown';
}

const healthOrder = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];
const syncOrder = ['OutOfSync', 'Unknown', 'Synced'];

function ofProjects(applications: Application[]): BadgeFacts {
  if (applications.length === 0) return unknown;
  const health = applications.map(({ status }) => status?.health?.status ?? 'Unknown');
  const sync = applications.map(({ status }) => status?.sync?.status ?? 'Unknown');
  return { health: worst(health, healthOrder), sync: worst(sync, syncOrder) };
}

function ofApplication(application: Application, query: Request['query']): BadgeFacts {
  const { status, metadata, spec } = application;
  const { revision, revisions } = status?.operationState?.syncResult ?? status?.sync ?? {};
  const commit = revision || revisions?.[0] || '';
  const isChart = sourcesOf(spec).some(({ chart }) => Boolean(chart));
  const shortened = query['keepFullRevision'] === 'true' || isChart ? commit : commit.slice(0, shortLength);
  return {
    health: status?.health?.status ?? 'Unknown',
    sync: status?.sync?.status ?? 'Unknown',
    ...(query['revision'] === 'true' && commit ? { revision: shortened } : {}),
    ...(query['showAppName'] === 'true' ? { name: metadata.name } : {}),
  };
}

/** The facts that a query asks for: of an Application, or of all of some projects. */
function factsOf({ cache, namespace, enabled }: BadgeParts, query: Request['query']): BadgeFacts {
  if (!enabled()) return unknown;
  const all = cache.list().map(asApplication);
  const projects = texts(query['project']);
  const [name] = texts(query['name']);
  if (name === undefined) {
    return projects.length === 0 ? unknown : ofProjects(all.filter((one) => projects.includes(projectOf(one))));
  }
  const [at = namespace] = texts(query['namespace']);
  const found = all.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? namespace) === at);
  return found ? ofApplication(found, query) : unknown;
}

/** Badges for pages elsewhere; anyone may see them where `statusbadge.enabled` says so. */
export function mountBadge(app: Express, parts: BadgeParts): void {
  app.get('/api/badge', (request, response) => {
    response.locals['route'] = 'badge';
    const width = Number(texts(request.query['width'])[0] ?? Number.NaN);
    const size = Number.isFinite(width) && width > 0 ? { width: Math.min(width, maxWidth) } : {};
    response
      .set({ 'cache-control': 'private, no-store', 'access-control-allow-origin': '*' })
      .type('image/svg+xml')
      .send(badge({ ...factsOf(parts, request.query), ...size }));
  });
}
