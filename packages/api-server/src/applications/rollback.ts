import { type Application, ownAnnotations, parseDuration } from '@plumbline/apis';
import type { SkipRevisions } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';
import type { Call } from '../http/mount.ts';
import { patchApplication } from './change.ts';
import type { ApplicationName, ApplicationParts } from './lookup.ts';
import { isAutomated, rollbackIndex, rollbackOperation } from './operation.ts';

type RollbackCall = Pick<Call<'rollbackApplication'>, 'body' | 'user'>;

/**
 * Goes back to an entry of the history. Under automation that is refused, as Argo CD does, unless the request pins: then
 * automation leaves the revisions out that came after the entry, until something newer is there (want 22).
 */
export function startRollback(
  parts: ApplicationParts,
  asked: ApplicationName,
  { body, user }: RollbackCall,
): Promise<Application> {
  return patchApplication(parts, asked, (fresh) => {
    const pins = Boolean(body.pin) && isAutomated(fresh) && !body.dryRun;
    const operation = rollbackOperation(fresh, { ...body, overrides: pins }, user.username);
    const skipped = pins ? skipText(fresh, { body, user }) : undefined;
    return {
      operation,
      ...(skipped ? { metadata: { annotations: { [ownAnnotations.skipRevisions]: skipped } } } : {}),
      ...(fresh.status?.operationState ? { status: { operationState: null } } : {}),
    };
  });
}

/** What automation is to leave out: all that was deployed after the entry, and what the sources have now. */
function skipText({ status }: Application, { body, user }: RollbackCall): string {
  const history = status?.history ?? [];
  const index = rollbackIndex(history, body.id);
  const name = ({ revision, revisions }: { revision?: string; revisions?: string[] }) =>
    revisions && revisions.length > 0 ? revisions.join(',') : (revision ?? '');
  const goal = history[index];
  const later = [...history.slice(index + 1), ...(status?.sync ? [status.sync] : [])].map(name);
  const revisions = [...new Set(later)].filter((revision) => revision && (!goal || revision !== name(goal)));
  const skipped: SkipRevisions = {
    revisions,
    by: user.username,
    since: new Date().toISOString(),
    ...(body.reason ? { reason: body.reason } : {}),
    ...(body.expires ? { expires: expiry(body.expires) } : {}),
  };
  return JSON.stringify(skipped);
}

/** A duration from now, or a time. */
function expiry(text: string): string {
  const time = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(time)) return new Date(time).toISOString();
  try {
    return new Date(Date.now() + parseDuration(text)).toISOString();
  } catch {
    throw apiFailure('InvalidArgument', `expires must be a duration like 24h or a time in RFC 3339, not "${text}"`);
  }
}
