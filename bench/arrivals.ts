import { parseArgs } from 'node:util'
import { judgeRate, profileRate, renderRates, sampleRates, type RateCase } from './arrivals/rates.ts'
import { measureStall } from './arrivals/stall.ts'
import { removeResults } from './support/fixture.ts'
import { publish, reportOptions, sampleOthers, type Budget } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    ...reportOptions,
  },
})

const precise = { timer: 'precise' } as const

const cases: readonly RateCase[] = [
  { way: 'engine', threads: 1, ratePerSecond: 100 },
  { way: 'engine', threads: 1, ratePerSecond: 100, fields: precise },
  { way: 'engine', threads: 1, ratePerSecond: 1000 },
  { way: 'engine', threads: 1, ratePerSecond: 5000 },
  { way: 'engine', threads: 1, ratePerSecond: 5000, fields: precise },
  { way: 'engine', threads: 1, ratePerSecond: 10_000 },
  { way: 'vitest run', threads: 1, ratePerSecond: 5000 },
  { way: 'vitest run', threads: 2, ratePerSecond: 20_000 },
]

/** The profile is of the engine, once for all rates that miss their budget. */
async function judge(rates: Awaited<ReturnType<typeof sampleRates>>): Promise<Budget[]> {
  const budgets = [...rates].flatMap(([one, samples]) => judgeRate(one, samples))
  const missed = budgets.find(({ isMet }) => !isMet)
  if (missed === undefined) return budgets
  const profile = await profileRate(5000, Number(flags.seconds))
  return budgets.map((budget) => (budget === missed ? { ...budget, profile } : budget))
}

const others = await sampleOthers()
try {
  const rates = await sampleRates(cases, Number(flags.rounds), Number(flags.seconds))
  const stall = await measureStall()
  const title = `### Rates, ${flags.seconds} s each\n\nMedians of ${flags.rounds} rounds; of what was delivered the least.`
  await publish(
    {
      name: 'arrivals',
      title: 'Open loads',
      conditions:
        'one GET per arrival, server on one core; the engine and the stall on another, `vitest run` wherever there is room',
      sections: [`${title}\n\n${renderRates(rates)}`, stall.section],
      budgets: [...(await judge(rates)), stall.budget],
    },
    others,
    flags,
  )
} finally {
  await removeResults()
}
