import type { HealthCheck } from '../../health-check.ts';
import { listAt, textAt, toCondition } from '../../read.ts';
import { degraded, healthy, progressing, unknown } from '../../verdict.ts';

/** Healthy when it is, and shall be, ready. */
export const gameServer: HealthCheck = (object) => {
  const [now, wanted] = [textAt(object, 'status', 'currentState'), textAt(object, 'status', 'desiredState')];
  if (now !== wanted) return progressing(`From ${now || 'nothing'} to ${wanted || 'nothing'}`);
  const conditions = listAt(object, 'status', 'podStatus', 'conditions').map(toCondition);
  const lacking = conditions.find(({ type, status }) => type === 'KruisePodReady' && status !== 'True');
  if (lacking) return degraded(lacking.message || 'The Pod is not ready');
  return now === 'Ready' ? healthy() : unknown('Waiting for the game server');
};
