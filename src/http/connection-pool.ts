import type { Recorder } from '../protocols/contract.ts'
import type { HttpConfig } from './config.ts'
import { MultiplexedPool } from './multiplexed-pool.ts'
import { OriginPool } from './origin-pool.ts'

/** What carries the requests to one origin. */
export type ConnectionPool = OriginPool | MultiplexedPool

/** Makes the pool for an origin: one of streams where HTTP/2 may be spoken. */
export function createPool(origin: string, config: HttpConfig, recorder: Recorder): ConnectionPool {
  const { http2 = false } = config
  const isMultiplexed = http2 === 'prior-knowledge' || (http2 && origin.startsWith('https:'))
  return isMultiplexed ? new MultiplexedPool(origin, config, recorder) : new OriginPool(origin, config, recorder)
}
