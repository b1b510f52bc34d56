import type { ResolvedHttpOptions } from './http-options.ts'

/** What everybody who reads the result of a load should know of how its requests were carried. */
export function warnOfHttp(
  { tls, connections, sharedConnections }: Pick<ResolvedHttpOptions, 'tls' | 'connections' | 'sharedConnections'>,
  threads: number,
): string[] {
  const warnings: string[] = []
  if (tls?.rejectUnauthorized === false)
    warnings.push('tls.rejectUnauthorized is false: certificates were not checked, so that anybody may have answered')
  if (connections === 'shared' && sharedConnections < threads)
    warnings.push(
      `connections: { shared: ${sharedConnections} } is less than one for each of ${threads} threads, and each has one. Run it with threads: ${sharedConnections}`,
    )
  return warnings
}
