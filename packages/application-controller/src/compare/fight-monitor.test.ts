import { expect, it } from 'vitest';
import { FightMonitor, type Overwrite } from './fight-monitor.ts';

const minute = 60_000;
const overwrite = (appliedAt: string, more: Partial<Overwrite> = {}): Overwrite => ({
  object: 'apps/Deployment/web/a',
  path: '/spec/replicas',
  manager: 'autoscaler',
  appliedAt,
  rule: undefined,
  ...more,
});

it('calls it a fight when a field was written over three times, each time after an apply', () => {
  const monitor = new FightMonitor();
  for (const [at, appliedAt] of [...'112233'].entries()) {
    monitor.observe([overwrite(appliedAt)], at * minute);
    expect(monitor.fights(at * minute)).toHaveLength(appliedAt === '3' ? 1 : 0);
  }
  expect(monitor.fights(6 * minute)).toMatchObject([{ path: '/spec/replicas', manager: 'autoscaler', flips: 3 }]);
});

it('counts each field, object and manager by itself', () => {
  const monitor = new FightMonitor();
  const others = [{ path: '/spec/paused' }, { manager: 'other' }, { object: 'apps/Deployment/web/b' }];
  for (const [at, more] of [{}, ...others].entries()) monitor.observe([overwrite(String(at), more)], 0);
  expect(monitor.fights(0)).toEqual([]);
});

it('forgets a field that keeps quiet', () => {
  const monitor = new FightMonitor();
  for (const appliedAt of '123') monitor.observe([overwrite(appliedAt)], 0);
  expect(monitor.fights(14 * minute)).toHaveLength(1);
  expect(monitor.fights(15 * minute)).toEqual([]);
});
