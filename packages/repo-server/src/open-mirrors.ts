import { type Mirror, type Mirrors, type RepositoryAccess, withSubmodules } from '@plumbline/git';

/** Mirrors of repositories, with the files of their submodules where these are read. */
export interface OpenMirrors {
  /** As the settings have it for a project. */
  open(url: string, project: string): Promise<Mirror>;
  openBy(access: RepositoryAccess, options: { project: string; submodules: boolean }): Promise<Mirror>;
}

export interface OpenMirrorsOptions {
  mirrors: Pick<Mirrors, 'get'>;
  repositoryAccess(url: string, project: string): RepositoryAccess;
  /** Whether the files of submodules are read. */
  submodules: boolean;
}

export function createOpenMirrors({ mirrors, repositoryAccess, submodules }: OpenMirrorsOptions): OpenMirrors {
  const opener: OpenMirrors = {
    open: (url, project) => opener.openBy(repositoryAccess(url, project), { project, submodules }),
    async openBy(access, { project, submodules: wanted }) {
      const mirror = await mirrors.get(access);
      const get = (at: string) => mirrors.get({ ...repositoryAccess(at, project), foreign: true });
      return wanted && submodules ? withSubmodules(mirror, { open: get }) : mirror;
    },
  };
  return opener;
}
