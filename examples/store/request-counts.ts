import type { Stats } from './schemas.ts'

/** Counts answers by route and status. */
export interface RequestCounts {
  add(route: string, status: number): void
  snapshot(): Pick<Stats, 'requests' | 'routes'>
  reset(): void
}

/** Creates counts of zero. */
export function createRequestCounts(): RequestCounts {
  const routes = new Map<string, Map<number, number>>()
  let requests = 0
  return {
    add: (route, status) => {
      requests += 1
      const byStatus = routes.get(route) ?? new Map<number, number>()
      if (byStatus.size === 0) routes.set(route, byStatus)
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
    },
    snapshot: () => ({
      requests,
      routes: Object.fromEntries([...routes].map(([route, byStatus]) => [route, Object.fromEntries(byStatus)])),
    }),
    reset: () => {
      requests = 0
      routes.clear()
    },
  }
}
