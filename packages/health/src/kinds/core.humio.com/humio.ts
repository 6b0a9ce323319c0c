import { type HealthCheckEntries, sameFor } from '../../entries.ts';
import { textAt } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';

const group = 'core.humio.com';
const waiting = 'Waiting for the operator';

/** Something inside of LogScale: whether it is there. */
const entry = firstOf(
  waiting,
  byWord(['status', 'state'], {
    Exists: 'Healthy',
    NotFound: 'Missing',
    ConfigError: 'Degraded',
    Unknown: 'Unknown',
  }),
);

const cluster = firstOf(
  waiting,
  byWord(
    ['status', 'state'],
    {
      Running: 'Healthy',
      Restarting: 'Progressing',
      Upgrading: 'Progressing',
      Pending: 'Progressing',
      ConfigError: 'Degraded',
      Unknown: 'Unknown',
    },
    (state, object) => textAt(object, 'status', 'message') || state,
  ),
);

/** Humio (Falcon LogScale). */
export const humioChecks: HealthCheckEntries = [
  ...sameFor(
    group,
    ['HumioAction', 'HumioAlert', 'HumioIngestToken', 'HumioParser', 'HumioRepository', 'HumioView'],
    entry,
  ),
  [`${group}/HumioCluster`, cluster],
];
