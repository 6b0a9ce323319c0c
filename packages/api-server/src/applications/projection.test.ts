import { describe, expect, it } from 'vitest';
import { projection } from './projection.ts';

const list = {
  metadata: { resourceVersion: '7' },
  items: [
    { metadata: { name: 'a', labels: { x: 'y' } }, spec: { project: 'p' }, status: { sync: { status: 'Synced' } } },
    { metadata: { name: 'b' }, spec: { project: 'q' } },
  ],
};

describe('projection', () => {
  it('keeps everything without fields', () => {
    expect(projection(undefined)(list)).toBe(list);
    expect(projection('')(list)).toBe(list);
  });

  it('keeps just the named fields, through lists', () => {
    expect(projection('items.metadata.name,items.status.sync.status')(list)).toEqual({
      items: [{ metadata: { name: 'a' }, status: { sync: { status: 'Synced' } } }, { metadata: { name: 'b' } }],
    });
  });

  it('keeps a whole branch although a field below it is named too', () => {
    expect(projection('items.spec.project,items.spec')(list)).toEqual({
      items: [{ spec: { project: 'p' } }, { spec: { project: 'q' } }],
    });
  });

  it('drops the fields behind a minus, nested ones too', () => {
    expect(projection('-items.metadata,items.status.sync')(list)).toEqual({
      metadata: { resourceVersion: '7' },
      items: [{ spec: { project: 'p' }, status: {} }, { spec: { project: 'q' } }],
    });
  });

  it('is not confused by names of Object.prototype', () => {
    expect(projection('items.constructor')(list)).toEqual({ items: [{}, {}] });
  });
});
