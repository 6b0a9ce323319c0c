/** A tracking name for people: the namespace outside of the control plane's stands before a slash, as users write it. */
export function shownApplication(application: string): string {
  return application.replace('_', '/');
}
