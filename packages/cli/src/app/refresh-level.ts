export interface RefreshOptions {
  refresh?: boolean;
  hardRefresh?: boolean;
}

/** The refresh that the flags ask for. */
export function refreshLevel(options: RefreshOptions): 'normal' | 'hard' | undefined {
  if (options.hardRefresh) return 'hard';
  return options.refresh ? 'normal' : undefined;
}
