import type { HealthCheck } from '../../health-check.ts';
import { type Fields, fieldsAt, numberAt, textAt } from '../../read.ts';
import { byWord, firstOf, type Step } from '../../steps.ts';
import { healthy } from '../../verdict.ts';

interface Range {
  least: number;
  most: number;
}

/** How many executors dynamic allocation may run, from a mapping of limits. */
function rangeOf(limits: Fields, prefix = ''): Range {
  const read = (name: string, absent: number) => {
    const value = limits[prefix + name];
    return value === undefined ? absent : Number(value);
  };
  return { least: read('minExecutors', 0), most: read('maxExecutors', Number.POSITIVE_INFINITY) };
}

/** Dynamic allocation is asked for in the spec, or in Spark's own settings. */
function dynamicRange(spec: Fields): Range | undefined {
  const dynamic = fieldsAt(spec, 'dynamicAllocation');
  if (dynamic['enabled']) return rangeOf(dynamic);
  const settings = fieldsAt(spec, 'sparkConf');
  const prefixes = ['spark.streaming.dynamicAllocation.', 'spark.dynamicAllocation.'];
  const prefix = prefixes.find((start) => settings[`${start}enabled`] === 'true');
  return prefix === undefined ? undefined : rangeOf(settings, prefix);
}

/** A running application is well when it has as many executors as it shall have. */
const running: Step = (object) => {
  const executors = fieldsAt(object, 'status', 'executorState');
  if (textAt(object, 'status', 'applicationState', 'state') !== 'RUNNING') return undefined;
  if (fieldsAt(object, 'status')['executorState'] === undefined) return undefined;
  const count = Object.values(executors).filter((state) => state === 'RUNNING').length;
  const spec = fieldsAt(object, 'spec');
  const wanted = numberAt(spec, 'executor', 'instances');
  const range = dynamicRange(spec);
  const free = wanted === undefined && spec['dynamicAllocation'] === undefined;
  const fits = range ? count >= range.least && count <= range.most : free && count >= 1;
  return wanted === count || fits ? healthy('Running') : undefined;
};

/** Spark applications, by their state. */
export const sparkApplication: HealthCheck = firstOf(
  'Waiting for the executors',
  running,
  byWord(
    ['status', 'applicationState', 'state'],
    {
      SUBMITTED: 'Progressing',
      COMPLETED: 'Healthy',
      FAILED: 'Degraded',
      SUBMISSION_FAILED: 'Degraded',
      PENDING_RERUN: 'Progressing',
      INVALIDATING: 'Missing',
      SUCCEEDING: 'Progressing',
      FAILING: 'Degraded',
      UNKNOWN: 'Progressing',
    },
    (state, object) => textAt(object, 'status', 'applicationState', 'errorMessage') || state,
  ),
);
