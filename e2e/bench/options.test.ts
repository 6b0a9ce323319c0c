import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.ts';

describe('the options', () => {
  it('are a whole run over 100 applications by default', () => {
    expect(parseOptions([])).toMatchObject({ apps: 100, helm: 50, big: 1000, timeoutMs: 600_000 });
    expect(parseOptions([])?.workloads).toHaveLength(9);
  });

  it('name workloads, which run in the usual order', () => {
    const options = parseOptions(['--workload', 'delete,first-sync,floor', '--apps', '7']);
    expect(options).toMatchObject({ apps: 7, workloads: ['floor', 'first-sync', 'delete'] });
  });

  it('are explained when asked for', () => {
    expect(parseOptions(['--help'])).toBeUndefined();
  });

  it.each([
    [['--apps', 'many'], '--apps is many'],
    [['--apps', '0'], '--apps is 0'],
    [['--workload', 'first'], 'unknown workload first'],
    [['--workload', 'drift'], 'drift needs first-sync'],
    [['--aps', '7'], '--aps'],
  ])('%j is refused with a reason', (args, reason) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(reason);
  });
});
