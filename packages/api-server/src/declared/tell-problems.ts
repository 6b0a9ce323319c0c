import { createHash } from 'node:crypto';
import type { KubeClient } from '@plumbline/cluster';
import { errorMessage, hasCode } from '@plumbline/errors';
import type { Settings, SettingsProblem } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';

export interface TellProblemsOptions {
  client: KubeClient;
  /** Of the control plane. */
  namespace: string;
  settings: Pick<Settings, 'problems' | 'onChange'>;
  logger: Logger;
}

/** The same for the same problem: several servers, or one that starts again, tell it once. */
function eventName(name: string, problem: SettingsProblem): string {
  const text = JSON.stringify([problem.key, problem.line, problem.message]);
  return `${name}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

async function tell({ client, namespace }: TellProblemsOptions, problem: SettingsProblem): Promise<void> {
  const [kind = '', name = ''] = problem.object.split(' ');
  const { metadata } = await client.get({ apiVersion: 'v1', kind, namespace, name });
  const place = problem.line === undefined ? '' : `, line ${problem.line}`;
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  await client.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(name, problem), namespace },
    involvedObject: { apiVersion: 'v1', kind, name, namespace, uid: metadata.uid },
    source: { component: 'argocd-server' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type: 'Warning',
    reason: 'SettingNotUsable',
    message: `${problem.key}${place}: ${problem.message}`.slice(0, 1024),
  });
}

/** Tells settings that cannot be used as events of the ConfigMap or Secret that holds them. Returns how to stop. */
export function tellProblems(options: TellProblemsOptions): () => void {
  const { settings, logger } = options;
  let told = new Set<string>();
  const look = (): void => {
    const now = settings.problems().map((problem) => [JSON.stringify(problem), problem] as const);
    for (const [id, problem] of now) {
      if (told.has(id)) continue;
      tell(options, problem).catch((error: unknown) => {
        if (hasCode(error, 'KUBE_ALREADY_EXISTS') || hasCode(error, 'KUBE_NOT_FOUND')) return;
        logger.warn('an event of a setting cannot be written', { key: problem.key, error: errorMessage(error) });
      });
    }
    told = new Set(now.map(([id]) => id));
  };
  look();
  return settings.onChange(look);
}
