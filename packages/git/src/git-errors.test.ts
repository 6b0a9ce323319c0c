import { expect, test } from 'vitest';
import { remoteFailure, saysDamaged } from './git-errors.ts';

const context = { url: 'https://example.org/app', action: 'list the refs of' };

test.each([
  ["fatal: could not read Username for 'https://example.org': terminal prompts disabled", 'GIT_AUTHENTICATION'],
  ["fatal: Authentication failed for 'https://example.org/app/'", 'GIT_AUTHENTICATION'],
  ["fatal: unable to access 'https://example.org/app/': The requested URL returned error: 403", 'GIT_AUTHENTICATION'],
  ['HTTP Error: 401 Unauthorized', 'GIT_AUTHENTICATION'],
  ['git@example.org: Permission denied (publickey).', 'GIT_AUTHENTICATION'],
  ['Load key "/data/ssh-key": error in libcrypto', 'GIT_AUTHENTICATION'],
  ['No ED25519 host key is known for h and …\nHost key verification failed.', 'GIT_HOST_KEY'],
  ['error: cannot run ssh: No such file or directory', 'GIT_PROGRAM_MISSING'],
  ["fatal: repository 'https://example.org/app/' not found", 'GIT_REPOSITORY_NOT_FOUND'],
  ["fatal: '/srv/x' does not appear to be a git repository", 'GIT_REPOSITORY_NOT_FOUND'],
  ["fatal: unable to access 'x': SSL certificate problem: self-signed certificate", 'GIT_UNREACHABLE'],
  ["fatal: unable to access 'x': Could not resolve host: example.org", 'GIT_UNREACHABLE'],
  ['', 'GIT_UNREACHABLE'],
])('%s is %s', (words, code) => {
  expect(remoteFailure(words, context)).toMatchObject({
    code,
    message: expect.stringContaining('https://example.org/app'),
  });
});

test('a message keeps the words of git and no credentials', () => {
  const words = "fatal: unable to access 'https://me:pa55word@example.org/app/': Connection refused\n";
  const { message } = remoteFailure(words, context);
  expect(message).toContain('Connection refused');
  expect(message).not.toContain('pa55word');
});

test.each([
  ['fatal: bad config line 5 in file /data/config', true],
  ['fatal: bad object refs/heads/main', true],
  ['error: object file is corrupt', true],
  ["fatal: Unable to create '/data/packed-refs.lock': File exists.", true],
  ['remote: fatal: bad object 12\nfatal: early EOF', false],
  ["fatal: unable to access 'x': Connection refused", false],
])('%s: the mirror is damaged: %s', (words, damaged) => {
  expect(saysDamaged(words)).toBe(damaged);
});
