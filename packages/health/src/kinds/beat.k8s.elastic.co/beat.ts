import type { HealthCheck } from '../../health-check.ts';
import { countAt, numberAt, textAt } from '../../read.ts';
import { degraded, healthy, progressing, unknown } from '../../verdict.ts';

/** Its colour. */
export const beat: HealthCheck = (object) => {
  const colour = textAt(object, 'status', 'health');
  const expected = numberAt(object, 'status', 'expectedNodes');
  if (colour === 'red') return degraded('The beat is red');
  if (colour === 'green') return healthy('The beat is green');
  if (colour === '' && expected === undefined) return unknown('The operator has told nothing yet');
  if (colour !== '' && colour !== 'yellow') return unknown(`The beat is ${colour}`);
  return progressing(
    `${countAt(object, 'status', 'availableNodes')} of ${expected ?? 'unknown'} instances are available`,
  );
};
