import { LocalHost } from '../../src/engine/local-host.ts'
import { defaultHttpConfig } from '../../src/http/config.ts'
import { http } from '../../src/http/http.ts'
import type { LoadOptions } from '../../src/options/load-shapes.ts'
import { runEngine } from '../support/engine-run.ts'

// The engine with everything a scenario uses, in one thread. Prints what came of a load as a line of JSON.

/** What is run. */
export interface ArrivalsArguments {
  readonly url: string
  readonly path: string
  readonly load: LoadOptions
}

/** What came of it. Times in milliseconds. */
export interface ArrivalsResult {
  readonly started: number
  readonly dropped: number
  /** `steadyP99` leaves out the first second. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly steadyP99: number }
  /** CPU time for each request, in microseconds. */
  readonly cpuUs: number
}

const { url, path, load } = JSON.parse(process.argv[2] ?? '{}') as ArrivalsArguments
const host = new LocalHost()
const body = async (): Promise<void> => {
  await http.get(path).expect(200)
}
const before = process.cpuUsage()
await runEngine({ name: 'arrivals', load, body, config: { ...defaultHttpConfig, baseUrl: url }, host })
const { user, system } = process.cpuUsage(before)
const { iterationsStarted: started, iterationsDropped: dropped } = host.totals.counters
const [series] = host.totals.series('iteration')
const [lag, steady] = series?.phases.map((histogram) => histogram?.summary()) ?? []
const ms = (microseconds: number | undefined): number => (microseconds ?? Number.NaN) / 1000
const result: ArrivalsResult = {
  started,
  dropped,
  lag: { p50: ms(lag?.p50), p99: ms(lag?.p99), steadyP99: ms(steady?.p99) },
  cpuUs: (user + system) / started,
}
process.stdout.write(JSON.stringify(result), () => process.exit(0))
