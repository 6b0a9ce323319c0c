import { expect, it } from 'vitest';
import { unstableWarnings } from './unstable-warnings.ts';

const use = (path: string, line = 1, what = 'lookup') => ({ path, line, what, reason: 'is unstable' });

it('names file and line of a single use', () => {
  expect(unstableWarnings([use('app/templates/a.yaml', 4)])).toEqual(['app/templates/a.yaml:4: lookup is unstable']);
});

it('gives each chart one line, with the number of its other places and what else it uses', () => {
  const common = 'app/charts/common-2.0.0.tgz';
  const uses = [
    use('app/templates/a.yaml', 4),
    use('app/values.yaml', 2),
    use(`${common}/templates/_a.tpl`, 7, '.Release.IsUpgrade'),
    use(`${common}/templates/_b.tpl`, 8, 'randAlphaNum'),
    use(`${common}/templates/_b.tpl`, 9, '.Release.IsUpgrade'),
    use(`${common}/charts/inner/templates/c.yaml`),
  ];
  expect(unstableWarnings(uses)).toEqual([
    'app/templates/a.yaml:4: lookup is unstable, and 1 more place',
    `${common}/templates/_a.tpl:7: .Release.IsUpgrade is unstable, and 2 more places (also randAlphaNum)`,
    `${common}/charts/inner/templates/c.yaml:1: lookup is unstable`,
  ]);
});

it('takes the files of a chart at the root, or in a folder charts, for one chart', () => {
  expect(unstableWarnings([use('templates/a.yaml'), use('values.yaml')])).toHaveLength(1);
  expect(unstableWarnings([use('charts/web/templates/a.yaml'), use('charts/web/values.yaml')])).toHaveLength(1);
});

it('counts charts beyond the tenth', () => {
  const warnings = unstableWarnings(Array.from({ length: 12 }, (_, index) => use(`charts/c${index}/templates/a.yaml`)));
  expect(warnings).toHaveLength(11);
  expect(warnings.at(-1)).toBe('2 more charts use such functions');
});
