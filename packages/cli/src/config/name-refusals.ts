import { type ApiClient, ApiError, routes } from '@plumbline/protocol';

const refusals = new Set([403, 404]);

/** The client, whose refusals name the Application that was asked for: the server's own words do not. */
export function nameRefusals(client: ApiClient): ApiClient {
  return {
    ...client,
    async call(name, ...args) {
      try {
        return await client.call(name, ...args);
      } catch (error) {
        const params: { name?: string } | undefined = args[0]?.params;
        const application = params?.name;
        const ofApplication = routes[name].path.includes('/applications/');
        if (!(error instanceof ApiError) || !refusals.has(error.status) || !application || !ofApplication) throw error;
        throw new ApiError(error.status, error.code, `application ${application}: ${error.message}`);
      }
    },
  };
}
