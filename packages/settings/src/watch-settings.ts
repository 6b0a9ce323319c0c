import type { KubeClient } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import type { Logger } from '@plumbline/telemetry';
import { candidateAccess } from './candidate-access.ts';
import type { Documents } from './documents.ts';
import type { GoodValues } from './parse/value-reader.ts';
import { findRepositoryAccess } from './repository-access.ts';
import { resolveDestination } from './resolve-destination.ts';
import { readSnapshot, type SettingsEnvironment, type Snapshot } from './snapshot.ts';
import type { Settings, SettingsProblem } from './types.ts';
import { watchDocuments } from './watch-documents.ts';

export interface WatchSettingsOptions {
  client: KubeClient;
  /** The control plane's namespace. */
  namespace: string;
  logger: Logger;
  /** Default: that of the process. */
  environment?: SettingsEnvironment;
}

function problemId({ object, key, line, message }: SettingsProblem): string {
  return `${object}/${key}:${line ?? ''}:${message}`;
}

/** Reads settings when they are asked for after a change, and tells listeners once per turn of the event loop. */
class SettingsKeeper {
  readonly #logger: Logger;
  readonly #environment: SettingsEnvironment;
  #good: GoodValues = new Map();
  readonly #listeners = new Set<() => void>();
  #documents: Documents = { configMaps: new Map(), secrets: new Map(), typedSecrets: new Map() };
  #snapshot: Snapshot | undefined;
  #toldProblems = new Set<string>();
  #pending: NodeJS.Immediate | undefined;

  constructor(logger: Logger, environment: SettingsEnvironment) {
    this.#logger = logger;
    this.#environment = environment;
  }

  /** What came before this is the first reading, not a change. */
  begin(documents: Documents): void {
    clearImmediate(this.#pending);
    this.#pending = undefined;
    this.#documents = documents;
    this.#snapshot = undefined;
    this.snapshot();
  }

  snapshot(): Snapshot {
    this.#snapshot ??= this.#read();
    return this.#snapshot;
  }

  changed(): void {
    this.#snapshot = undefined;
    this.#pending ??= setImmediate(() => {
      this.#pending = undefined;
      this.snapshot();
      for (const listener of [...this.#listeners]) this.#tell(listener);
    });
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    clearImmediate(this.#pending);
    this.#listeners.clear();
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#logger.error('a listener of the settings failed', { error });
    }
  }

  #read(): Snapshot {
    const snapshot = readSnapshot(this.#documents, this.#good, this.#environment);
    this.#good = snapshot.good;
    const ids = new Set(snapshot.problems.map(problemId));
    for (const problem of snapshot.problems) {
      if (!this.#toldProblems.has(problemId(problem))) {
        this.#logger.warn('a setting cannot be used; the last good value stays', { ...problem });
      }
    }
    this.#toldProblems = ids;
    return snapshot;
  }
}

function settingsOf(keeper: SettingsKeeper, close: () => Promise<void>): Settings {
  return {
    current: () => keeper.snapshot().control,
    admin: () => keeper.snapshot().admin,
    access: () => keeper.snapshot().access,
    api: () => keeper.snapshot().api,
    secretKey: () => {
      const { secretKey } = keeper.snapshot();
      if (secretKey !== undefined) return secretKey;
      throw new PlumblineError('SETTINGS_NO_SECRET_KEY', 'Secret argocd-secret has no key server.secretkey', {
        retry: 'transient',
        hint: 'start Plumbline once with permission to write the Secret, or add the key',
      });
    },
    repositoryAccess: (url, project) => {
      const { repositories, control } = keeper.snapshot();
      return findRepositoryAccess(repositories, control, { url, project });
    },
    candidateAccess: (data, project) => {
      const { repositories, control } = keeper.snapshot();
      return candidateAccess(data, { repositories, control, project });
    },
    repositories: () => keeper.snapshot().repositories.repositories.map(({ entry }) => entry),
    clusters: () => keeper.snapshot().clusters,
    resolveDestination: (destination) => resolveDestination(keeper.snapshot().clusters, destination),
    problems: () => keeper.snapshot().problems,
    onChange: (listener) => keeper.listen(listener),
    close,
  };
}

/**
 * Watches the control plane's ConfigMaps and Secrets and keeps typed settings (reference §10). Resolves when everything has
 * been read once. A value that cannot be used is told in `problems()` and logged once; the last good one stays in force.
 */
export async function watchSettings(options: WatchSettingsOptions): Promise<Settings> {
  const { client, namespace, logger, environment = process.env } = options;
  const stop = new AbortController();
  const keeper = new SettingsKeeper(logger, environment);
  const watching = watchDocuments({
    client,
    namespace,
    logger,
    signal: stop.signal,
    onChange: () => keeper.changed(),
  });
  const { documents, done } = await watching.catch((error: unknown) => {
    stop.abort(); // The other watches would go on without anybody to read them.
    keeper.end();
    throw error;
  });
  keeper.begin(documents);
  return settingsOf(keeper, async () => {
    stop.abort();
    keeper.end();
    await done;
  });
}
