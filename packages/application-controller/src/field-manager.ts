/** Our field manager (design decision 7): the name that Argo CD's own server-side apply uses. */
export const fieldManager = 'argocd-controller';
