import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, numberAt } from '../../read.ts';
import { healthy, progressing } from '../../verdict.ts';

/** Healthy when all members of every rack are ready. */
export const cassandraCluster: HealthCheck = (object) => {
  const racks = fieldsAt(object, 'status')['racks'];
  const isReady = (rack: unknown) => {
    const [members, ready] = [numberAt(rack, 'members'), numberAt(rack, 'readyMembers')];
    return members === undefined || ready === undefined || members === ready;
  };
  const ready = racks !== undefined && Object.values(fieldsAt(object, 'status', 'racks')).every(isReady);
  return ready ? healthy() : progressing('Waiting for the members of the cluster');
};
