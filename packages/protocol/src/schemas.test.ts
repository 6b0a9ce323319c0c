import { describe, expect, it } from 'vitest';
import { routes } from './routes.ts';

const spec = {
  project: 'default',
  source: { repoURL: 'https://git/x', path: '.' },
  destination: { server: 'https://k', namespace: 'n' },
};

describe('request schemas', () => {
  it('read flags, single list values and empty texts of a URL', () => {
    expect(routes.createApplication.query.parse({ upsert: 'true', validate: 'false' })).toEqual({
      upsert: true,
      validate: false,
    });
    expect(routes.listApplications.query.parse({ projects: 'a', project: ['b', 'c'], name: '' })).toEqual({
      projects: ['a'],
      project: ['b', 'c'],
      name: undefined,
    });
  });

  it('read refresh levels', () => {
    const { query } = routes.getApplication;
    expect(query.parse({ refresh: 'true' }).refresh).toBe('normal');
    expect(query.parse({ refresh: 'hard' }).refresh).toBe('hard');
    expect(query.parse({ refresh: '' }).refresh).toBeUndefined();
    expect(query.safeParse({ refresh: 'sideways' }).success).toBe(false);
  });

  it('cascade a deletion unless told otherwise', () => {
    expect(routes.deleteApplication.query.parse({}).cascade).toBe(true);
    expect(routes.deleteApplication.query.parse({ cascade: 'false' }).cascade).toBe(false);
  });

  it('take an Application without apiVersion and kind, and drop its status', () => {
    const read = routes.createApplication.body.parse({
      metadata: { name: 'a' },
      spec,
      status: { sync: { status: 'Synced' } },
    });
    expect(read).toEqual({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'a' }, spec });
  });

  it.each([
    ['a list', []],
    ['a number as spec', { spec: 5 }],
    ['an object as name', { metadata: { name: {} } }],
  ])('refuse %s', (_, body) => {
    expect(routes.createApplication.body.safeParse(body).success).toBe(false);
  });

  it('refuse a log-in whose username is no text', () => {
    expect(routes.login.body.safeParse({ username: { a: 1 }, password: 'x' }).success).toBe(false);
  });

  it('take numbers as texts, as JSON of 64-bit values has them', () => {
    expect(routes.syncApplication.body.parse({ retryStrategy: { limit: '3' } }).retryStrategy?.limit).toBe(3);
    expect(routes.rollbackApplication.body.parse({ id: '7' }).id).toBe(7);
  });
});
