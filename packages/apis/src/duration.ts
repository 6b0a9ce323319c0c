const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const goDuration = /^([+-])?((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const bareSeconds = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * Milliseconds of a Go duration (`1h30m`, `500ms`) or of a bare number, which counts seconds (reference §1.3).
 * Throws a RangeError that names the text for anything else.
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (bareSeconds.test(trimmed)) return Number(trimmed) * 1000;
  const match = goDuration.exec(trimmed);
  if (!match) throw new RangeError(`"${text}" is not a duration: use a form such as 30s, 5m or 1h30m`);
  const total = [...(match[2] ?? '').matchAll(part)].reduce(
    (sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (unitMs[unit] ?? 0),
    0,
  );
  return match[1] === '-' ? -total : total;
}
