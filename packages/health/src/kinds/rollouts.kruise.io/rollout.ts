import type { HealthCheck } from '../../health-check.ts';
import { numberAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

/** The phase of the rollout and the state of its step. */
export const kruiseRollout: HealthCheck = (object) => {
  const seen = numberAt(object, 'status', 'observedGeneration');
  const current = seen !== undefined && seen === numberAt(object, 'metadata', 'generation');
  const [phase, step] = [
    textAt(object, 'status', 'phase'),
    textAt(object, 'status', 'canaryStatus', 'currentStepState'),
  ];
  if (current && step === 'StepPaused') {
    if (phase === 'Progressing') return suspended('The rollout waits for its owner');
    if (phase === 'Terminating' || phase === 'Disabled') return degraded(`The rollout is ${phase}`);
  }
  const done = current && step === 'Completed' && phase === 'Healthy';
  return done ? healthy('The rollout is complete') : progressing('The rollout is under way');
};
