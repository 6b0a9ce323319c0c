import { applicationObject } from '@plumbline/access';
import { type Application, sourcesOf } from '@plumbline/apis';
import type { Call } from '../http/mount.ts';

/** What a sync needs (reference §8.5, end): manifests of the caller override what Git says. */
export function syncActions({ body }: Pick<Call<'syncApplication'>, 'body'>): string[] {
  return body.manifests && body.manifests.length > 0 ? ['get', 'sync', 'override'] : ['get', 'sync'];
}

/** What a rollback needs (reference §9.1). */
export function rollbackAction({ rights }: Pick<Call<'rollbackApplication'>, 'rights'>): string {
  return rights.settings.rollbackNeedsOwnRight ? 'rollback' : 'sync';
}

/** Throws where a sync names another revision than the spec and the settings want the right `override` for that. */
export function requireRevision(
  application: Application,
  { body, rights }: Pick<Call<'syncApplication'>, 'body' | 'rights'>,
  controlNamespace: string,
): void {
  if (!rights.settings.revisionNeedsOverride) return;
  const targets = sourcesOf(application.spec).map((source) => source.targetRevision || 'HEAD');
  const wanted = [body.revision, ...(body.revisions ?? [])].filter((revision) => revision);
  if (wanted.every((revision) => targets.includes(revision ?? ''))) return;
  rights.require('applications', 'override', applicationObject(application, controlNamespace));
}
