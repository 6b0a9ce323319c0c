import type { Application } from '@plumbline/apis';
import { describe, expect, it } from 'vitest';
import { isAsDeclared, replacedByUser } from './user-part.ts';

const application = (annotations?: Record<string, string>, labels?: Record<string, string>): Application => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: {
    name: 'web',
    namespace: 'argocd',
    ...(annotations ? { annotations } : {}),
    ...(labels ? { labels } : {}),
  },
  spec: { project: 'default', destination: { server: 'https://k', namespace: 'n' } },
});

const noted = {
  'plumbline.dev/operations': '[{"by":"admin"}]',
  'plumbline.dev/writes': '[]',
  'plumbline.dev/recent-deletions': '[]',
  'plumbline.dev/skip-revisions': '{}',
};

describe('an Application that is declared again', () => {
  it.each([
    ['after operations, which the engine has noted', noted],
    ['while a refresh is asked for', { 'argocd.argoproj.io/refresh': 'normal' }],
    ['while an approval waits', { 'plumbline.dev/deletion-approved': 'abc' }],
  ])('is as it was declared %s', (_, annotations) => {
    expect(isAsDeclared(application(annotations), application())).toBe(true);
    expect(isAsDeclared(application({ team: 'a', ...annotations }), application({ team: 'a' }))).toBe(true);
  });

  it.each([
    ['an annotation', application({ team: 'a', ...noted }), application()],
    ['a setting of ours', application({ 'plumbline.dev/deletion-budget': '10' }), application()],
    ['a label', application(noted, { team: 'a' }), application()],
  ])('differs by %s', (_, stored, declared) => {
    expect(isAsDeclared(stored, declared)).toBe(false);
  });
});

describe('a client that replaces annotations', () => {
  it('takes away those of users, and not the notes of the engine', () => {
    const stored = application({ ...noted, team: 'a' });
    expect(replacedByUser(stored, application({ owner: 'b' })).metadata.annotations).toEqual({ ...noted, owner: 'b' });
    expect(replacedByUser(stored, application()).metadata.annotations).toEqual(noted);
  });

  it('does not bring back notes that are old', () => {
    const late = application({ 'plumbline.dev/operations': 'old' });
    expect(replacedByUser(application(noted), late).metadata.annotations).toEqual(noted);
  });

  it('leaves none where there are none', () => {
    expect(replacedByUser(application(), application()).metadata.annotations).toBeUndefined();
  });
});
