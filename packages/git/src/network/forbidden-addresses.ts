import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses that answer with the identity of the machine itself: link-local ones and the metadata services of clouds. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addAddress('168.63.129.16', 'ipv4');
forbidden.addAddress('192.0.0.192', 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('fd20:ce::254', 'ipv6');

/** IPv6 forms that carry an IPv4 address: NAT64, 6to4, IPv4-compatible; the bits at which it begins. */
const carriers = [
  { prefix: '64:ff9b::', length: 96, at: 6 },
  { prefix: '2002::', length: 16, at: 1 },
  { prefix: '::', length: 96, at: 6 },
  { prefix: '::ffff:0:0', length: 96, at: 6 },
].map(({ prefix, length, at }) => {
  const list = new BlockList();
  list.addSubnet(prefix, length, 'ipv6');
  return { list, at };
});

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser gives the canonical form, in which a dotted end is two groups.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  if (tail === undefined) return before;
  const after = groups(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function carriedAddress(address: string): string | undefined {
  const carrier = carriers.find(({ list }) => list.check(address, 'ipv6'));
  if (!carrier) return undefined;
  const [high = 0, low = 0] = groupsOf(address).slice(carrier.at, carrier.at + 2);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * Whether nothing may be downloaded from an IP address: link-local addresses and metadata services, also as IPv4 in IPv6.
 * Text that is no address is not forbidden.
 */
export function isForbiddenAddress(given: string): boolean {
  const address = given.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(address) === 0) return false;
  if (!isIPv6(address)) return forbidden.check(address, 'ipv4');
  const carried = carriedAddress(address);
  return forbidden.check(address, 'ipv6') || (carried !== undefined && forbidden.check(carried, 'ipv4'));
}
