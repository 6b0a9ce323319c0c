import { byConditions } from '../../steps.ts';

/** Strimzi's operators say `NotReady` with status True rather than `Ready` with status False. */
export const strimziReadiness = byConditions(
  { type: 'NotReady', status: 'True', verdict: 'Degraded' },
  { type: 'Ready', status: 'True', verdict: 'Healthy', message: '' },
);
