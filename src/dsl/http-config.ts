import { inject } from 'vitest'
import { currentThreadHost, type ThreadHost } from '../engine/run-host.ts'
import { segmentSize, type Segment } from '../engine/segment.ts'
import { defaultHttpConfig, type HttpConfig } from '../http/config.ts'
import { offlineIfAsked } from '../offline/current.ts'
import { readEnvironment } from '../options/environment.ts'
import { projectOptionsKey, resolveBaseUrl, type ResolvedTargetOptions } from '../options/project-options.ts'
import { apportion } from '../shared/apportion.ts'

/** The HTTP configuration of virtual users in a thread of the load pool. */
export function threadHttpConfig({ options, baseUrl }: ThreadHost): HttpConfig {
  return offlineIfAsked({ ...defaultHttpConfig, ...options, baseUrl })
}

/**
 * The HTTP configuration of a thread's virtual users: where all share their connections, those of a thread have the part
 * that they are of all users, and one at least. Without a segment it is that of the leader's hooks, which have their own.
 */
export function segmentHttpConfig(config: HttpConfig, vus: number, segment: Segment | undefined): HttpConfig {
  if (config.connections !== 'shared') return config
  if (segment === undefined) return { ...config, connections: 'per-vu' }
  const { index, count } = segment
  const users = Array.from({ length: count }, (_, each) => segmentSize({ index: each, count }, vus))
  const share = apportion(config.sharedConnections, users)[index] ?? 0
  return { ...config, sharedConnections: Math.max(1, share) }
}

/** The HTTP configuration of an ordinary test, or of what surrounds the tests in a thread of the load pool. */
export function testHttpConfig(): HttpConfig {
  const thread = currentThreadHost()
  return thread === undefined ? projectHttpConfig() : threadHttpConfig(thread)
}

function projectHttpConfig(): HttpConfig {
  // What is wrong with it the project has told; the variables of loads are none of an ordinary test's business.
  const environment = readEnvironment(process.env, [])
  const provided = (inject as (key: string) => unknown)(projectOptionsKey) as ResolvedTargetOptions | undefined
  const baseUrl = environment.baseUrl ?? resolveBaseUrl(provided?.baseUrl, inject as (key: string) => unknown)
  return offlineIfAsked({ ...defaultHttpConfig, ...provided, baseUrl })
}
