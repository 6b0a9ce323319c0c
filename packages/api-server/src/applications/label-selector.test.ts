import { describe, expect, it } from 'vitest';
import { labelSelector } from './label-selector.ts';

const labels = { team: 'web', tier: 'front', empty: '' };

describe('labelSelector', () => {
  it.each([
    ['', true],
    ['team=web', true],
    ['team==web,tier=front', true],
    ['team=web, tier=back', false],
    ['team!=api', true],
    ['missing!=x', true],
    ['team', true],
    ['missing', false],
    ['!missing', true],
    ['!team', false],
    ['empty=', true],
    ['team in (web, api)', true],
    ['team in (api),tier', false],
    ['team notin (api, db)', true],
    ['missing notin (a)', true],
    ['missing in (a)', false],
    ['only=x,only!=x', false],
  ])('"%s" is %s', (selector, expected) => {
    expect(labelSelector(selector)(labels)).toBe(expected);
  });

  it('holds without labels where it asks for none', () => {
    expect(labelSelector('!team')(undefined)).toBe(true);
    expect(labelSelector('team')(null)).toBe(false);
  });

  it.each(['a b', 'team in web', '=x', 'a=b=c d'])('refuses "%s"', (selector) => {
    expect(() => labelSelector(selector)).toThrow('selector: cannot read');
  });
});
