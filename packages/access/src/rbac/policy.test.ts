import { describe, expect, it } from 'vitest';
import { parsePolicy } from './policy.ts';
import { parseProjectPolicy } from './project-policy.ts';

describe('parsePolicy', () => {
  it('reads rules and links, and passes over comments and empty lines', () => {
    const text = '# who\n\np, role:dev , applications, get, "team/{a,b}", allow\n  g, "a, b", role:dev\r\n';
    expect(parsePolicy(text)).toEqual({
      lines: [{ subject: 'role:dev', resource: 'applications', action: 'get', object: 'team/{a,b}', effect: 'allow' }],
      links: [{ member: 'a, b', role: 'role:dev' }],
    });
  });

  it.each([
    ['\np, a, b, c, d', 2, /expected "p, subject/],
    ['g, a', 1, /expected "g, member/],
    ['# x\nx, a, b', 2, /expected p or g/],
    ['p, a, applications, get, *, maybe', 1, /allow or deny/],
    ['p, a, applications, get, , allow', 1, /empty field/],
    ['g, a, role:b,', 1, /empty field/],
  ])('names the line of %j', (text, line, message) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ line, message: expect.stringMatching(message) }));
  });
});

describe('parseProjectPolicy', () => {
  it.each([
    'p, proj:p:r, applications, get, p/*',
    'p, proj:p:other, applications, get, p/*, allow',
    'p, proj:p:r, projects, get, p/*, allow',
    'p, proj:p:r, applications, get, q/*, allow',
    'p, proj:p:r, applications, get, p*, allow',
    'g, a, proj:p:r',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseProjectPolicy('p', 'r', text)).toThrow();
  });
});
