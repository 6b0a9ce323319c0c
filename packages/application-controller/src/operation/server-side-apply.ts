import type { KubeClient } from '@plumbline/cluster';
import { hasCode } from '@plumbline/errors';
import { type KubeObject, keyOf } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';
import { clearLeftovers } from './leftover-fields.ts';
import { lostLists, withLostLists } from './lost-lists.ts';
import { schemaComplaints, withoutComplaint } from './schema-complaints.ts';

const attempts = 4;

/** What the server made of an apply. */
export interface Applied {
  object: KubeObject;
  /** What had to be left out of the manifest, in the server's words. */
  leftOut: readonly string[];
}

/**
 * Server-side apply as our manager, taking over fields of others. A server-side apply refuses fields that a schema
 * does not declare and list entries with equal keys, which client-side applies (and so Argo CD by default) let pass:
 * those are left out, and told. Live leftovers that the server refuses next to the manifest's choice are taken off.
 */
export async function serverSideApply(
  client: KubeClient,
  object: KubeObject,
  options: { dryRun?: boolean } = {},
): Promise<Applied> {
  const leftOut: string[] = [];
  let sent = object;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { object: await applyWhole(client, sent, options), leftOut };
    } catch (error) {
      if (!hasCode(error, 'KUBE_INVALID') || attempt >= attempts) throw error;
      const complaints = schemaComplaints(error.message);
      if (complaints.length === 0) {
        const cleared = !options.dryRun && (await clearLeftovers(client, sent, { refusal: error.message }));
        if (!cleared) throw error;
      }
      for (const complaint of complaints) {
        sent = withoutComplaint(sent, complaint);
        leftOut.push(
          complaint.kind === 'undeclared'
            ? `unknown field ${complaint.path}`
            : `duplicate ${complaint.path}${complaint.entry ?? ''}`,
        );
      }
    }
  }
}

/** An apply that leaves the empty lists of the manifest, too: a second one makes those that the first has emptied. */
async function applyWhole(client: KubeClient, object: KubeObject, options: { dryRun?: boolean }): Promise<KubeObject> {
  const apply = () => client.apply(object, { fieldManager, force: true, ...options });
  const answer = await apply();
  const lost = lostLists(object, answer);
  if (lost.length === 0) return answer;
  if (!options.dryRun) return apply();
  const live = await client.find(refOf(keyOf(object), object.apiVersion));
  return live ? withLostLists(answer, live, lost) : answer;
}
