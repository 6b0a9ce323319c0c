import { hasCode } from '@plumbline/errors';
import type { Settings } from '@plumbline/settings';
import type { Logger } from '@plumbline/telemetry';

/** The key in argocd-secret, waiting for it where it is not there yet. */
export async function secretKey(settings: Settings, logger: Logger): Promise<string> {
  const attempt = (): string | undefined => {
    try {
      return settings.secretKey();
    } catch (error) {
      if (hasCode(error, 'SETTINGS_NO_SECRET_KEY')) return undefined;
      throw error;
    }
  };
  const found = attempt();
  if (found !== undefined) return found;
  logger.info('Waiting for server.secretkey in argocd-secret');
  return new Promise((resolve) => {
    const stop = settings.onChange(() => {
      const key = attempt();
      if (key === undefined) return;
      stop();
      resolve(key);
    });
  });
}
