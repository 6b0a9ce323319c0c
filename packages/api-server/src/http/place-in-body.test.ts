import { expect, it } from 'vitest';
import { queryOf } from './place-in-body.ts';

const body = { appNamespace: 'team', project: 'red', prune: true };

it('reads where an Application is from the body, where the query does not say', () => {
  expect(queryOf({ placeInBody: true }, {}, body)).toEqual({ appNamespace: 'team', project: 'red' });
  expect(queryOf({ placeInBody: true }, { appNamespace: 'own' }, body)).toEqual({
    appNamespace: 'own',
    project: 'red',
  });
  expect(queryOf({ placeInBody: true }, { project: '' }, { project: 5 })).toEqual({ project: '' });
});

it('leaves bodies alone that are something else', () => {
  expect(queryOf({}, {}, body)).toEqual({});
  expect(queryOf({ placeInBody: true }, {}, 'restart')).toEqual({});
  expect(queryOf({ placeInBody: true }, {}, null)).toEqual({});
});
