import type { HealthCheck } from '../../health-check.ts';
import { conditionsOf } from '../../read.ts';
import { explain, firstOf } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** A backup whose runs are planned counts as done; only its last failure is told apart. */
export const mariaDbBackup: HealthCheck = (object) => {
  const conditions = conditionsOf(object);
  const lacking = conditions.find(({ status }) => status === 'False');
  if (lacking) {
    const failed = lacking.reason === 'CronJobScheduled' && lacking.message === 'Failed';
    return failed ? degraded('The last backup has failed') : progressing(explain(lacking));
  }
  const last = conditions.at(-1);
  return last ? healthy(explain(last)) : progressing('Waiting for the operator');
};

/** SQL that runs once: the reason of a condition tells how it ended. */
export const mariaDbSqlJob: HealthCheck = firstOf('Waiting for the SQL to run', (object) => {
  const ended = conditionsOf(object).find(
    ({ reason, status }) => status === 'True' && (reason === 'JobComplete' || reason === 'JobFailed'),
  );
  if (!ended) return undefined;
  return ended.reason === 'JobComplete' ? healthy(ended.message) : degraded(ended.message);
});
