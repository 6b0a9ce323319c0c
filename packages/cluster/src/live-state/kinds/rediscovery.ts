import { errorMessage } from '@plumbline/errors';
import { joinApiVersion, type KubeObject } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import { pause } from '../../transport/backoff.ts';
import type { Discovery, WatchEvent } from '../../types.ts';
import { fields, items, text } from '../fields.ts';

/** Discovery follows a change of a CRD within some 100 ms, a change of an aggregated API within seconds. */
const crdDelaysMs = [0, 50, 100, 200, 400, 800, 1600, 3200];
const apiServiceDelaysMs = [0, 1_000, 5_000];
/** Against changes that no event tells of. Unchanged discovery answers 304. */
const periodMs = 300_000;

function condition(object: KubeObject, type: string): boolean {
  const conditions = items(fields(object['status'])['conditions']);
  return conditions.some((entry) => entry['type'] === type && entry['status'] === 'True');
}

/** `group/version/Kind` of the versions that a CRD serves now. */
function servedNames(crd: KubeObject): string[] {
  if (!condition(crd, 'Established') || condition(crd, 'Terminating')) return [];
  const spec = fields(crd['spec']);
  const kind = text(fields(spec['names'])['kind']) ?? '';
  return items(spec['versions'])
    .filter(({ served }) => served === true)
    .map(({ name }) => `${joinApiVersion(text(spec['group']) ?? '', String(name))}/${kind}`);
}

interface RediscoveryOptions {
  discovery: Discovery;
  logger: Logger;
  signal: AbortSignal;
  /** Discovery was read again. */
  onRefreshed(): void;
}

/** Reads discovery again when CRDs and APIServices change. */
export class Rediscovery {
  readonly #options: RediscoveryOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: RediscoveryOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#refresh(), periodMs);
    this.#timer.unref();
    options.signal.addEventListener('abort', () => clearInterval(this.#timer), { once: true });
  }

  /** Looks at an event of any kind; `group` and the object's kind say whether it matters. */
  onEvent(group: string, event: WatchEvent): void {
    const { kind } = event.object;
    if (group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition') this.#onCrd(event);
    else if (group === 'apiregistration.k8s.io' && kind === 'APIService') this.#onApiService(event);
  }

  /** Reads discovery again at once. */
  refreshSoon(): void {
    void this.#refresh();
  }

  #onCrd({ type, object }: WatchEvent): void {
    const expected = type === 'DELETED' ? [] : servedNames(object);
    const isKnown = () => {
      const known = this.#options.discovery.apiVersions();
      return expected.every((name) => known.includes(name));
    };
    if (type === 'ADDED' && isKnown()) return;
    void this.#refreshUntil(isKnown, crdDelaysMs);
  }

  #onApiService({ type, object }: WatchEvent): void {
    const local = fields(object['spec'])['service'] === undefined;
    if (local && type === 'ADDED') return;
    void this.#refreshUntil(() => local, apiServiceDelaysMs);
  }

  async #refreshUntil(isDone: () => boolean, delays: readonly number[]): Promise<void> {
    const { signal } = this.#options;
    for (const delay of delays) {
      if (delay > 0) await pause(delay, signal);
      if (signal.aborted) return;
      await this.#refresh();
      if (isDone()) return;
    }
  }

  async #refresh(): Promise<void> {
    const { discovery, logger, signal, onRefreshed } = this.#options;
    try {
      await discovery.refresh();
    } catch (error) {
      if (!signal.aborted) logger.warn('discovery failed', { error: errorMessage(error) });
      return;
    }
    if (!signal.aborted) onRefreshed();
  }
}
