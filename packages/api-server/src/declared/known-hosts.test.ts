import { describe, expect, it } from 'vitest';
import { certificateOfHost, hostOfInput, knownHosts, withHost, withoutHosts } from './known-hosts.ts';

const key = Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${'k'.repeat(32)}`, 'latin1').toString('base64');
const sent = Buffer.from(key).toString('base64');
const file = `# trusted\nhost.example,10.0.0.1 ssh-ed25519 ${key} comment\n@revoked bad.example ssh-rsa AAAA\n|1|salt|hash ecdsa-sha2-nistp256 BBBB\n\n`;

describe('a file of known hosts', () => {
  it('has one entry for each host', () => {
    expect(knownHosts(file).map(({ host, type }) => `${host} ${type}`)).toEqual([
      'host.example ssh-ed25519',
      '10.0.0.1 ssh-ed25519',
      'bad.example ssh-rsa',
      '|1|salt|hash ecdsa-sha2-nistp256',
    ]);
  });

  it('shows fingerprints, as ssh does', () => {
    const [first] = knownHosts(file);
    expect(first && certificateOfHost(first).certInfo).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it('takes a new key, and another one in the place of the former', () => {
    const entry = { host: 'host.example', type: 'ssh-ed25519', key: 'NEW' };
    const text = withHost(file, entry);
    expect(text).toContain(`10.0.0.1 ssh-ed25519 ${key} comment\n`);
    expect(knownHosts(text).filter(({ host }) => host === 'host.example')).toEqual([entry]);
    expect(withHost('', entry)).toBe('host.example ssh-ed25519 NEW\n');
    expect(withHost('a b c', entry)).toBe('a b c\nhost.example ssh-ed25519 NEW\n');
  });

  it('loses only what is to go', () => {
    const text = withoutHosts(file, ({ type }) => type === 'ssh-ed25519');
    expect(text).toContain('# trusted\n@revoked bad.example');
    expect(knownHosts(text)).toHaveLength(2);
  });
});

describe('a key that a client sends', () => {
  const item = { serverName: 'h.example', certType: 'ssh' as const, certSubType: 'ssh-ed25519', certData: sent };
  it('is read whether the file’s text is encoded once more or not', () => {
    expect(hostOfInput(item)).toEqual({ host: 'h.example', type: 'ssh-ed25519', key });
    expect(hostOfInput({ ...item, certSubType: '', certData: key }).type).toBe('ssh-ed25519');
    expect(hostOfInput({ ...item, serverName: '[h.example]:2222' }).host).toBe('[h.example]:2222');
  });

  it.each([
    [{ serverName: 'a b' }],
    [{ serverName: 'a\nevil ssh-rsa AAAA' }],
    [{ serverName: 'a,b' }],
    [{ serverName: '' }],
    [{ certSubType: 'ssh-rsa' }],
    [{ certData: '' }],
    [{ certData: Buffer.from('nonsense!').toString('base64') }],
  ])('is refused: %j', (change) => {
    expect(() => hostOfInput({ ...item, ...change })).toThrow();
  });
});
