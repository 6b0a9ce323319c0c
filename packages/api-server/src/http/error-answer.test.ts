import { PlumblineError } from '@plumbline/errors';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiFailure } from './api-failure.ts';
import { errorAnswer } from './error-answer.ts';

const bodyError = (status: number) => Object.assign(new Error('request entity too large'), { status });

describe('errorAnswer', () => {
  it.each([
    ['a refusal of our own', apiFailure('PermissionDenied', 'permission denied'), 403, 7],
    ['a missing object', new PlumblineError('KUBE_NOT_FOUND', 'x'), 404, 5],
    ['a lost race', new PlumblineError('KUBE_CONFLICT', 'x'), 409, 10],
    ['an invalid object', new PlumblineError('KUBE_INVALID', 'x'), 400, 3],
    ['a broken source', new PlumblineError('RENDER_KUSTOMIZE', 'x'), 400, 3],
    ['an unknown version of a chart', new PlumblineError('CHART_VERSION_NOT_FOUND', 'x'), 400, 3],
    ['a registry that lets nobody in', new PlumblineError('DOWNLOAD_AUTHENTICATION', 'x'), 400, 3],
    ['an unknown revision', new PlumblineError('GIT_REVISION_NOT_FOUND', 'x'), 400, 3],
    ['an unreachable repository', new PlumblineError('GIT_UNREACHABLE', 'x', { retry: 'transient' }), 503, 14],
    ['a controller that does not answer', new PlumblineError('STORE_TIMEOUT', 'x', { retry: 'transient' }), 504, 4],
    ['an Application the controller does not know', new PlumblineError('INSPECT_NOT_FOUND', 'x'), 404, 5],
    ['a body that is too large', bodyError(413), 413, 8],
    ['an unreadable request', bodyError(400), 400, 3],
    ['a failure nobody foresaw', new Error('secret detail'), 500, 13],
  ])('answers %s', (_, error, status, code) => {
    const answer = errorAnswer(error);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    expect(answer.body.error).toBe(answer.body.message);
  });

  it('tells the hint and the tool’s own words, but nothing of unforeseen errors', () => {
    const render = new PlumblineError('RENDER_HELM', 'values.yaml:3: bad', { hint: 'mend the file' });
    expect(errorAnswer(render).body.message).toBe('values.yaml:3: bad (mend the file)');
    expect(errorAnswer(new Error('secret detail')).body.message).not.toContain('secret');
  });

  it('names the member that is wrong', () => {
    const { error } = z.object({ spec: z.object({ project: z.string() }) }).safeParse({ spec: { project: 5 } });
    expect(errorAnswer(error).body).toMatchObject({ code: 3, message: expect.stringMatching(/^spec\.project: /) });
  });
});
