import { expect, it } from 'vitest';
import type { Document } from './documents.ts';
import { readSnapshot } from './snapshot.ts';

const document = (name: string, data: Record<string, string>): Document => ({
  name,
  data,
  labels: {},
  annotations: {},
});

function secretsWith(data: Record<string, string>) {
  const secrets = new Map([
    ['argocd-secret', document('argocd-secret', data)],
    ['hooks', document('hooks', { github: 'from-elsewhere\n' })],
  ]);
  const read = readSnapshot({ configMaps: new Map(), secrets, typedSecrets: new Map() }, new Map());
  return { secrets: read.api.webhook.secrets, problems: read.problems };
}

it('webhook secrets are written out, or refer to a key of a Secret', () => {
  const { secrets, problems } = secretsWith({
    'webhook.github.secret': '$hooks:github',
    'webhook.gitlab.secret': '$gitlab-key',
    'webhook.gogs.secret': 'plain text',
    'gitlab-key': 'own',
  });
  expect(secrets).toMatchObject({ github: 'from-elsewhere', gitlab: 'own', gogs: 'plain text' });
  expect(secrets.bitbucketUuid).toBeUndefined();
  expect(problems).toEqual([]);
});

it('a reference to nothing lets nobody in, and is reported', () => {
  const { secrets, problems } = secretsWith({ 'webhook.github.secret': '$hooks:none' });
  expect(secrets.github).toMatch(/^[0-9a-f-]{36}$/);
  expect(problems).toMatchObject([{ key: 'webhook.github.secret' }]);
});
