import type { OtlpSettings } from './tracing.ts';

/** What argocd-cmd-params-cm says of traces (reference §10.3, `otlp.*`). */
export interface OtlpParameters {
  /** `host:port`, or a URL. */
  address: string;
  insecure: boolean;
  headers: Readonly<Record<string, string>>;
  attributes: Readonly<Record<string, string>>;
  sampleRatio: number;
}

/** `a=b,c=d` as the environment variables of OpenTelemetry have it; values may be percent-encoded. */
export function parsePairs(text: string, separator: '=' | ':' = '='): Record<string, string> {
  const pairs = text.split(',').flatMap((part) => {
    const at = part.indexOf(separator);
    return at > 0 ? [[part.slice(0, at).trim(), decoded(part.slice(at + 1).trim())] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The traces of a base URL; one that names them already is left as it is. */
function tracesOf(base: string): string {
  return /\/v1\/traces\/?$/.test(base) ? base : `${base.replace(/\/+$/, '')}/v1/traces`;
}

/**
 * Where traces go: the parameters' address, else that of OpenTelemetry's environment variables; undefined where neither is
 * there. The protocol is OTLP over HTTP.
 */
export function otlpSettings(
  parameters: OtlpParameters | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): OtlpSettings | undefined {
  const own = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  const base = environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const { address = '', insecure = true, headers = {}, attributes = {}, sampleRatio = 1 } = parameters ?? {};
  const given = address && (address.includes('://') ? address : `${insecure ? 'http' : 'https'}://${address}`);
  const url = given ? tracesOf(given) : own || (base && tracesOf(base));
  if (!url || !URL.canParse(url)) return undefined;
  return {
    url,
    headers: { ...parsePairs(environment['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''), ...headers },
    attributes: { ...parsePairs(environment['OTEL_RESOURCE_ATTRIBUTES'] ?? ''), ...attributes },
    sampleRatio,
  };
}
