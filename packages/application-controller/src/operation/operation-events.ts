import type { Application, OperationState } from '@plumbline/apis';
import type { KubeClient } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import { type Pass, timestamp } from '../pass.ts';
import { auditRecord } from './audit.ts';

/** The annotation of an event that holds the whole record of an operation, as JSON. */
export const auditAnnotation = 'plumbline.dev/operation';
/** The length of a message that the API server accepts. */
const maxMessage = 1024;
const parallel = 2;
const maxWaiting = 10_000;

interface Telling {
  reason: 'OperationStarted' | 'OperationCompleted' | 'ResourceUpdated';
  type: 'Normal' | 'Warning';
  message: string;
  annotations?: Record<string, string>;
}

/**
 * Tells what happens to Applications as Kubernetes events, with Argo CD's reasons, and in the log. Nothing waits for an
 * event, and one that cannot be written hinders nothing.
 */
export class OperationEvents {
  readonly #client: KubeClient;
  readonly #logger: Logger;
  readonly #waiting: (() => Promise<unknown>)[] = [];
  #writing = 0;
  #count = 0;

  constructor({ client, logger }: { client: KubeClient; logger: Logger }) {
    this.#client = client;
    this.#logger = logger;
  }

  started({ app, target }: Pass, { operation }: OperationState): void {
    const { initiatedBy, sync } = operation;
    const revision = sync?.revisions?.join(', ') || sync?.revision || target?.revisions.join(', ') || 'HEAD';
    const message = initiatedBy?.automated
      ? `Initiated automated sync to '${revision}'`
      : `${initiatedBy?.username || 'Unknown user'} initiated sync to '${revision}'`;
    this.#tell(app, { reason: 'OperationStarted', type: 'Normal', message });
  }

  completed(pass: Pass, state: OperationState): void {
    const record = auditRecord(pass, state);
    const revision = (record['revisions'] as string[]).join(', ');
    const succeeded = state.phase === 'Succeeded';
    const message = `Sync operation to ${revision} ${succeeded ? 'succeeded' : `failed: ${state.message ?? ''}`}`;
    pass.logger.info('an operation is over', record);
    const annotations = { [auditAnnotation]: JSON.stringify(record) };
    this.#tell(pass.app, {
      reason: 'OperationCompleted',
      type: succeeded ? 'Normal' : 'Warning',
      message,
      annotations,
    });
  }

  /** What a pass has found to be otherwise than the status said before. */
  changed({ app, comparison }: Pass): void {
    const { sync, health } = app.status ?? {};
    if (!comparison) return;
    const tell = (what: string, before: string | undefined, after: string) => {
      if (!before || before === after) return;
      this.#tell(app, { reason: 'ResourceUpdated', type: 'Normal', message: `Updated ${what}: ${before} -> ${after}` });
    };
    tell('sync status', sync?.status, comparison.status);
    tell('health status', health?.status, comparison.health.status);
  }

  #tell({ apiVersion, kind, metadata }: Application, { message, annotations, ...event }: Telling): void {
    const { name = '', namespace = '', uid } = metadata;
    const now = new Date();
    this.#count += 1;
    const unique = `${name}.${now.getTime().toString(16)}${(this.#count % 4096).toString(16).padStart(3, '0')}`;
    const time = timestamp(now);
    this.#write(() =>
      this.#client.create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: unique, namespace, ...(annotations ? { annotations } : {}) },
        involvedObject: { apiVersion, kind, name, namespace, uid },
        source: { component: 'argocd-application-controller' },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        ...event,
        message: message.length > maxMessage ? `${message.slice(0, maxMessage - 1)}…` : message,
      }),
    );
  }

  /** Few at a time, so that events do not crowd out the requests that the work needs; too many are dropped. */
  #write(create: () => Promise<unknown>): void {
    if (this.#waiting.length < maxWaiting) this.#waiting.push(create);
    if (this.#writing < parallel) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#writing += 1;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      try {
        await next();
      } catch (error) {
        this.#logger.warn('an event cannot be written', { error: errorMessage(error) });
      }
    }
    this.#writing -= 1;
  }
}
