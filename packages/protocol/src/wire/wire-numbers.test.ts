import { expect, it } from 'vitest';
import { applicationInputSchema, applicationListQuerySchema } from '../applications/applications.ts';
import { projectNumbers, withNumbers } from './wire-numbers.ts';

const application = (spec: object, metadata: object = {}) => ({
  metadata: { name: 'a', ...metadata },
  spec: {
    project: 'default',
    source: { repoURL: 'https://git.example/r' },
    destination: { server: 'https://c', namespace: 'n' },
    ...spec,
  },
});

it('takes whole numbers of Applications as texts, too', () => {
  const retry = { limit: '5', backoff: { duration: '5s', factor: '2' } };
  const body = application({ revisionHistoryLimit: '7', syncPolicy: { retry } }, { generation: '3', selfLink: '' });
  const { spec, metadata } = applicationInputSchema.parse(body);
  expect(spec).toMatchObject({ revisionHistoryLimit: 7, syncPolicy: { retry: { limit: 5, backoff: { factor: 2 } } } });
  expect(metadata).not.toHaveProperty('generation');
});

it('refuses what is no number', () => {
  expect(applicationInputSchema.safeParse(application({ revisionHistoryLimit: 'many' })).success).toBe(false);
});

it('finds them in lists and maps', () => {
  const role = { name: 'ci', jwtTokens: [{ iat: '12', id: 'x' }] };
  const project = { spec: { roles: [role] }, status: { jwtTokensByRole: { ci: { items: [{ iat: '12' }] } } } };
  expect(withNumbers(project, projectNumbers)).toMatchObject({
    spec: { roles: [{ jwtTokens: [{ iat: 12 }] }] },
    status: { jwtTokensByRole: { ci: { items: [{ iat: 12 }] } } },
  });
});

it.each([
  ['', undefined],
  ['0', undefined],
  [0, undefined],
  ['25', 25],
])('reads the limit %j of a list as %j', (limit, wanted) => {
  expect(applicationListQuerySchema.parse({ limit }).limit).toBe(wanted);
});

it.each(['-1', 'x', '1.5'])('refuses the limit %s', (limit) => {
  expect(applicationListQuerySchema.safeParse({ limit }).success).toBe(false);
});
