import type { RequestOptions } from 'node:http';
import type { ProviderRoute } from '@plumbline/settings';

/** An address as it is asked, and how. */
export interface RoutedAddress {
  url: URL;
  options: RequestOptions & { ca?: string; rejectUnauthorized?: boolean };
}

/** Where a request to the provider's address goes: with a route of its own to that in place of the issuer's origin. */
export function routed(asked: URL, issuer: string, route: ProviderRoute): RoutedAddress {
  const moved = route.origin !== undefined && asked.origin === new URL(issuer).origin;
  const url = moved ? new URL(asked.pathname + asked.search, route.origin) : asked;
  return {
    url,
    options: {
      ...(route.certificateAuthority ? { ca: route.certificateAuthority } : {}),
      ...(route.verifyCertificate ? {} : { rejectUnauthorized: false }),
    },
  };
}

/** The module that speaks the URL's protocol. Not by an import statement: that would load much that is not needed. */
export function moduleFor({ protocol }: URL) {
  return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
}
