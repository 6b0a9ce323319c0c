import { type KubeObject, trackedApplication, withTracking } from '@plumbline/manifests';
import { type Logger, silentLogger } from '@plumbline/telemetry';
import { createLiveState } from '../live-state/live-state.ts';
import type { LiveState, LiveStateOptions } from '../live-state/types.ts';
import { createSecretMask } from '../secrets/secret-mask.ts';
import type { KubeClient } from '../types.ts';

const tracking = { method: 'annotation', instanceLabelKey: 'app.kubernetes.io/instance' } as const;

/** Live state that finds applications by their tracking annotation. */
export function startLive(
  client: KubeClient,
  options: Partial<Omit<LiveStateOptions, 'client' | 'secretMask' | 'trackingOf'>> & { logger?: Logger } = {},
): LiveState {
  return createLiveState({
    logger: silentLogger,
    ...options,
    client,
    secretMask: createSecretMask(Buffer.from('key of the test')),
    trackingOf: (object) => trackedApplication(object, tracking),
  });
}

/** The object as an application would apply it. */
export function trackedIn(namespace: string, application: string, object: KubeObject): KubeObject {
  return withTracking(object, { application, namespace, ...tracking });
}
