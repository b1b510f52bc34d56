import { inject } from 'vitest'
import { currentThreadHost, type ThreadHost } from '../engine/run-host.ts'
import { defaultHttpConfig, type HttpConfig } from '../http/config.ts'
import { offlineIfAsked } from '../offline/current.ts'
import { readEnvironment } from '../options/environment.ts'
import { projectOptionsKey, resolveBaseUrl, type ResolvedTargetOptions } from '../options/project-options.ts'

/** The HTTP configuration of virtual users in a thread of the load pool. */
export function threadHttpConfig({ options, baseUrl }: ThreadHost): HttpConfig {
  return offlineIfAsked({ ...defaultHttpConfig, ...options, baseUrl })
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
