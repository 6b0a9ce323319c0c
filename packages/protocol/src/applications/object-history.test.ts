import { describe, expect, it } from 'vitest';
import { type KeptOperation, objectHistoryLimit, objectHistoryText, readObjectHistory } from './object-history.ts';

const operation = (startedAt: string, count: number, error?: string): KeptOperation => ({
  startedAt,
  more: 0,
  writes: Array.from({ length: count }, (_, index) => ({
    group: index % 2 === 0 ? '' : 'apps',
    kind: index % 2 === 0 ? 'ConfigMap' : 'Deployment',
    namespace: 'web',
    name: `object-${index}`,
    action: 'apply',
    before: '01234567',
    after: '89abcdef',
    ...(error ? { error } : {}),
  })),
});

describe('the history of objects', () => {
  it('is read as it was written', () => {
    const told: KeptOperation[] = [
      operation('2026-01-01T00:00:00Z', 3),
      {
        startedAt: '2026-01-02T00:00:00Z',
        more: 2,
        writes: [
          { group: '', kind: 'Namespace', namespace: '', name: 'x', action: 'prune', before: '01234567' },
          { group: '', kind: 'Secret', namespace: 'web', name: 's', action: 'apply', error: 'it is "refused"\n!' },
        ],
      },
    ];
    const read = readObjectHistory(objectHistoryText(told));
    const sorted = (list: readonly KeptOperation[]) =>
      list.map(({ writes, ...rest }) => ({ ...rest, writes: [...writes].sort((a, b) => (a.name < b.name ? -1 : 1)) }));
    expect(sorted(read)).toEqual(sorted(told));
  });

  it('keeps the newest operations that have room, and counts what has not', () => {
    const many = Array.from({ length: 20 }, (_, index) => operation(`2026-01-${10 + index}T00:00:00Z`, 40));
    const text = objectHistoryText(many);
    const read = readObjectHistory(text);
    expect(text.length).toBeLessThanOrEqual(objectHistoryLimit);
    expect(read.at(-1)).toMatchObject({ startedAt: '2026-01-29T00:00:00Z', more: 0 });
    expect(read.length).toBeLessThan(20);
    const large = readObjectHistory(objectHistoryText([operation('2026-01-01T00:00:00Z', 1_000, 'x'.repeat(500))]));
    expect((large[0]?.writes.length ?? 0) + (large[0]?.more ?? 0)).toBe(1_000);
    expect(large[0]?.writes.length).toBeGreaterThan(20);
  });

  it.each([undefined, '', '{', '[[1]]', '"x"'])('%s is empty', (text) => {
    expect(readObjectHistory(text)).toEqual([]);
  });
});
