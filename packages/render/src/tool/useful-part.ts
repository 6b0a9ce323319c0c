const maxMessage = 4_000;
const noise = /^(WARNING: |W\d{4} |level=warn|# Warning: |walk\.go:|coalesce\.go:|Use --debug flag)/;

/** The part of a tool's stderr that says what is wrong: warnings left out, long texts cut in the middle. */
export function usefulPart(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !noise.test(line.trim()));
  const text = (lines.length > 0 ? lines.join('\n') : stderr).trim().replace(/^Error: /, '');
  if (text.length <= maxMessage) return text;
  const head = Math.floor(maxMessage * 0.75);
  return `${text.slice(0, head)} … [${text.length - maxMessage} characters left out] … ${text.slice(head - maxMessage)}`;
}
