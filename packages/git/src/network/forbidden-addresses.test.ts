import { expect, it } from 'vitest';
import { isForbiddenAddress } from './forbidden-addresses.ts';

it.each([
  '169.254.169.254',
  '169.254.0.1',
  '100.100.100.200',
  'fe80::1',
  'fe80::1%eth0',
  '[fe80::1]',
  'febf:ffff::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::169.254.169.254',
  '64:ff9b::169.254.169.254',
  '2002:a9fe:a9fe::1',
])('nothing is downloaded from %s', (address) => {
  expect(isForbiddenAddress(address)).toBe(true);
});

it.each(['127.0.0.1', '10.0.0.1', '192.0.2.1', '::1', 'fd00::1', '2001:db8::1', '::ffff:10.0.0.1', 'example.com'])(
  '%s is let pass',
  (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  },
);
