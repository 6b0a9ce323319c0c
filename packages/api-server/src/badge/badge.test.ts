import { describe, expect, it } from 'vitest';
import { badge } from './badge.ts';

describe('a badge', () => {
  it('tells health and sync in their colours', () => {
    const svg = badge({ health: 'Healthy', sync: 'OutOfSync' });
    expect(svg).toContain('>Healthy<');
    expect(svg).toContain('>OutOfSync<');
    expect(svg).toContain('#18be52');
    expect(svg).toContain('#f4c030');
  });

  it('tells revision and name where they are asked for', () => {
    const svg = badge({ health: 'Healthy', sync: 'Synced', revision: 'abc1234', name: 'web' });
    expect(svg).toContain('>(abc1234)<');
    expect(svg).toContain('>web<');
    expect(svg).toContain('height="40"');
  });

  it('is as wide as it is asked to be, and never too narrow for its text', () => {
    expect(badge({ health: 'Healthy', sync: 'Synced', width: 500 })).toContain('width="500"');
    expect(badge({ health: 'Healthy', sync: 'Synced', width: 1 })).not.toContain('width="1"');
  });

  it('takes no markup from outside', () => {
    const svg = badge({ health: '<script>', sync: '"&\'', name: '</svg>' });
    expect(svg).not.toContain('<script');
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
  });
});
