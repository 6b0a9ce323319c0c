import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { wellKnownHosts } from './well-known-hosts.ts';

const lines = wellKnownHosts.trimEnd().split('\n');

function fingerprint(host: string, type: string): string | undefined {
  const key = lines.find((line) => line.startsWith(`${host} ${type} `))?.split(' ')[2];
  return key && createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '');
}

/** As the operators print them in their documentation. */
it.each([
  ['github.com', 'ssh-ed25519', '+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'],
  ['github.com', 'ecdsa-sha2-nistp256', 'p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM'],
  ['github.com', 'ssh-rsa', 'uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s'],
  ['gitlab.com', 'ssh-ed25519', 'eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8'],
  ['gitlab.com', 'ecdsa-sha2-nistp256', 'HbW3g8zUjNSksFbqTiUWPWg2Bq1x8xdGUrliXFzSnUw'],
  ['gitlab.com', 'ssh-rsa', 'ROQFvPThGrW4RuWLoL9tq9I9zJ42fK4XywyRtbOz/EQ'],
  ['bitbucket.org', 'ssh-ed25519', 'ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM'],
  ['bitbucket.org', 'ssh-rsa', '46OSHA1Rmj8E8ERTC6xkNcmGOw9oFxYr0WF6zWW8l1E'],
  ['ssh.dev.azure.com', 'ssh-rsa', 'ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og'],
])('the key of %s (%s) has its published fingerprint', (host, type, expected) => {
  expect(fingerprint(host, type)).toBe(expected);
});

it('every line is a host, a type and a key of that type', () => {
  for (const line of lines) {
    const [host, type, key = '', ...more] = line.split(' ');
    expect([host, more.length]).toEqual([expect.stringMatching(/^[\w.[\]:-]+$/), 0]);
    const content = Buffer.from(key, 'base64');
    expect(content.toString('latin1', 4, 4 + content.readUInt32BE(0))).toBe(type);
  }
  expect(lines).toHaveLength(14);
});
