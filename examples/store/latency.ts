import type { Random } from './random.ts'

/** Draws one latency in milliseconds. */
export type Latency = (random: Random) => number

const distributions: Readonly<Record<string, (...parameters: number[]) => Latency>> = {
  lognormal:
    (medianMs = 0, sigma = 0) =>
    (random) =>
      medianMs * Math.exp(sigma * drawNormal(random)),
  uniform:
    (minMs = 0, maxMs = 0) =>
    (random) =>
      minMs + random.next() * (maxMs - minMs),
  exponential:
    (meanMs = 0) =>
    (random) =>
      -meanMs * Math.log(1 - random.next()),
}

/** How latencies are written: name and parameters, as {@link parseLatency} takes them. */
export const latencyForms = ['lognormal(medianMs,sigma)', 'uniform(minMs,maxMs)', 'exponential(meanMs)'] as const

const arities = new Map(latencyForms.map((form) => [form.split('(')[0], form.split(',').length]))
const callPattern = /^([a-z]+)\(([^()]*)\)$/
const maxParameter = 10_000

/** Reads a latency such as `lognormal(50,0.4)`; `undefined` when it is none, or has a parameter over 10,000. */
export function parseLatency(text: string): Latency | undefined {
  const [, name = '', list = ''] = callPattern.exec(text) ?? []
  const parameters = list.split(',').map((parameter) => (parameter.trim() === '' ? NaN : Number(parameter)))
  const isComplete = parameters.length === arities.get(name)
  if (!isComplete || !parameters.every((parameter) => parameter >= 0 && parameter <= maxParameter)) return undefined
  return distributions[name]?.(...parameters)
}

/** The standard normal distribution, by Box and Muller. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
