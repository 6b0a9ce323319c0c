import { applicationGroup } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import { keyOf, type ResourceKey } from '@plumbline/manifests';
import { displayKey } from '@plumbline/sync';
import type { Pass } from '../pass.ts';
import { timestamp } from '../pass.ts';
import { cascades } from './application-finalizers.ts';
import { cascadePlan } from './cascade.ts';
import type { DeletionOptions } from './deletion-stage.ts';

/** The length of a message that the API server accepts. */
const maxMessage = 1024;
/** Events that one ending may cost; the log has the whole list. */
const maxEvents = 20;

/** Managed objects that are left behind when the Application is let go now: the live ones, else those last seen. */
export function leftBehind(pass: Pass): readonly ResourceKey[] {
  const { app, destination } = pass;
  if (destination) {
    const plan = cascadePlan(pass);
    const going = plan.waves.flatMap(({ objects }) => objects);
    return going.map(keyOf);
  }
  return (app.status?.resources ?? [])
    .filter(({ hook }) => !hook)
    .map(({ group = '', kind = '', namespace = '', name = '' }) => ({ group, kind, namespace, name }));
}

/** Says which objects stay although the Application goes, and why: in events of the Application and in the log. */
export async function tellAbandoned(pass: Pass, reason: string, options: DeletionOptions): Promise<void> {
  const objects = leftBehind(pass);
  const next = cascades(pass.app) ? ' Delete what is not wanted any more by hand.' : '';
  const lead = `The Application is let go, because ${reason}.`;
  const names = objects.map((key) => `${key.namespace === '' ? '' : `${key.namespace}/`}${displayKey(key)}`);
  pass.logger.warn('an Application is let go before its deletion is through', { reason, abandoned: names });
  const text = names.length === 0 ? ' It had no objects any more.' : ` These objects stay:`;
  await tell(pass, { reason: 'ObjectsAbandoned', type: 'Warning', lead: `${lead}${next}${text}`, names }, options);
}

/** Says what a deletion that is through has kept. */
export async function tellKept(pass: Pass, options: DeletionOptions): Promise<void> {
  const { kept } = cascadePlan(pass);
  const names = kept
    .filter(({ object }) => object.kind !== 'Application' || keyOf(object).group !== applicationGroup)
    .map(({ object, reason }) => `${displayKey(keyOf(object))} (${reason})`);
  if (names.length === 0) return;
  await tell(pass, { reason: 'ObjectsKept', type: 'Normal', lead: 'These objects stay:', names }, options);
}

interface Telling {
  reason: string;
  type: 'Normal' | 'Warning';
  lead: string;
  names: readonly string[];
}

async function tell(pass: Pass, { lead, names, ...event }: Telling, { client }: DeletionOptions): Promise<void> {
  const { apiVersion, kind, metadata } = pass.app;
  const { name = '', namespace = '', uid } = metadata;
  const now = timestamp(pass.startedAt);
  for (const [index, message] of messages(lead, names).slice(0, maxEvents).entries()) {
    try {
      await client.create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${name}.${pass.startedAt.getTime().toString(16)}.${index}`, namespace },
        involvedObject: { apiVersion, kind, name, namespace, uid },
        source: { component: 'argocd-application-controller' },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        ...event,
        message,
      });
    } catch (error) {
      pass.logger.warn('an event cannot be written', { reason: event.reason, message, error: errorMessage(error) });
    }
  }
}

/** As few messages as hold all names. */
export function messages(lead: string, names: readonly string[]): string[] {
  const found: string[] = [];
  let message = lead;
  let empty = true;
  for (const name of names) {
    if (!empty && message.length + name.length + 2 > maxMessage) {
      found.push(message);
      message = lead;
      empty = true;
    }
    message += `${empty ? ' ' : ', '}${name}`;
    empty = false;
  }
  return [...found, message.slice(0, maxMessage)];
}
