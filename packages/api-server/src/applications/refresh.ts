import { type Application, annotations } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { apiFailure } from '../http/api-failure.ts';
import { asApplication } from './application-object.ts';
import { patchApplication } from './change.ts';
import { type ApplicationName, type ApplicationParts, namespaceOf, unknownApplication } from './lookup.ts';

const patienceMs = 60_000;

const asksForRefresh = (application: KubeObject): boolean =>
  application.metadata.annotations?.[annotations.refresh] !== undefined;

/**
 * Asks the controller for a comparison and answers the Application as it is afterwards: the controller removes the
 * annotation with the status it writes. Throws DeadlineExceeded after a minute.
 */
export async function refreshApplication(
  parts: ApplicationParts,
  asked: ApplicationName,
  options: { level: 'normal' | 'hard'; signal: AbortSignal },
): Promise<Application> {
  await patchApplication(parts, asked, () => ({ metadata: { annotations: { [annotations.refresh]: options.level } } }));
  const done = Promise.withResolvers<Application>();
  const look = (): void => {
    const now = parts.cache.get(asked.name, namespaceOf(parts, asked));
    if (!now) done.reject(unknownApplication(parts, asked));
    else if (!asksForRefresh(now)) done.resolve(asApplication(now));
  };
  const unsubscribe = parts.cache.subscribe((event) => {
    if (event.application.metadata.name === asked.name) look();
  });
  const late = setTimeout(() => {
    const text = `the comparison of ${asked.name} is not done after ${patienceMs / 1000} s: is the application-controller running?`;
    done.reject(apiFailure('DeadlineExceeded', text));
  }, patienceMs);
  const gone = () => done.reject(apiFailure('Canceled', 'the caller went away'));
  options.signal.addEventListener('abort', gone, { once: true });
  try {
    look();
    return await done.promise;
  } finally {
    clearTimeout(late);
    unsubscribe();
    options.signal.removeEventListener('abort', gone);
  }
}
