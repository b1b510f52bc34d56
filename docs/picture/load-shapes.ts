import { unicodeGlyphs } from '../../reporters/terminal/glyphs.ts'
import { renderLoadPicture } from '../../reporters/terminal/load-picture.ts'
import { describeLoad } from '../../src/options/describe-load.ts'
import { resolveLoad } from '../../src/options/load-options.ts'
import type { LoadOptions } from '../../src/options/load-shapes.ts'
import { profileLoad } from '../../src/options/profile-load.ts'
import { spike } from '../../src/options/spike.ts'
import { stairs } from '../../src/options/stairs.ts'
import { throwProblems } from '../../src/shared/errors.ts'

const columns = 60
const rows = 6
/** Of what does not change. */
const rowsWhenLevel = 2

/** The loads that the guide to workload models draws, by the names of their pictures. */
const loads: Readonly<Record<string, LoadOptions>> = {
  'constant-vus': { vus: 50, duration: '5m' },
  'shared-iterations': { vus: 50, iterations: 1000 },
  'per-vu-iterations': { vus: 50, iterationsPerVU: 20 },
  'ramping-vus': {
    startVUs: 0,
    stages: [
      { duration: '2m', vus: 100 },
      { duration: '5m', vus: 100 },
      { duration: '1m', vus: 0 },
    ],
  },
  'constant-arrival-rate': { rate: '500/s', duration: '5m' },
  'ramping-arrival-rate': {
    startRate: 10,
    stages: [
      { duration: '1m', rate: 200 },
      { duration: 0, rate: 1000 },
      { duration: '30s', rate: 1000 },
      { duration: '2m', rate: 100 },
    ],
  },
  stairs: { stages: stairs({ rate: { from: 50, to: 300, step: 50 }, hold: '1m', ramp: '10s' }) },
  spike: { stages: spike({ vus: { base: 20, peak: 200 }, at: '1m', ramp: '10s', hold: '30s', after: '2m' }) },
  day: { rate: (elapsedMs) => 60 - 50 * Math.cos((elapsedMs / 600_000) * 2 * Math.PI), duration: '20m' },
}

/** Puts the pictures into a text: each into the code block after the comment with its name. */
export function withPictures(text: string): string {
  return text.replaceAll(
    /(<!-- picture: ([\w-]+) -->\n\n```text\n).*?(```\n)/gs,
    (_, start: string, name: string, end: string) => `${start}${drawLoad(name).join('\n')}\n${end}`,
  )
}

function drawLoad(name: string): string[] {
  const problems: string[] = []
  const options = loads[name]
  const load = options === undefined ? undefined : resolveLoad(options, name, problems)
  if (load === undefined) problems.push(`${name}: there is no such load; known are ${Object.keys(loads).join(', ')}`)
  throwProblems('Pictures of loads', problems)
  if (load === undefined) return []
  const profile = profileLoad(load, columns)
  const isLevel = profile.levels.every((level) => level === profile.levels[0])
  return [describeLoad(load), '', ...renderLoadPicture(profile, isLevel ? rowsWhenLevel : rows, unicodeGlyphs)]
}
