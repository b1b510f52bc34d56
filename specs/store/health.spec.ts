import { check, expectErrorRate, expectLatency, http, scenario } from 'vitest-load'

const options = { load: { vus: 5, iterations: 500 }, steps: ['health', 'probe'] } as const

const health = scenario('health', options, async ({ step }) => {
  const response = await step('health', () => http.get('/health').expect(200))
  check('answers as JSON', response.header('content-type')?.startsWith('application/json'))

  const probe = await step('probe', () => http.head('/health').expect(200))
  check('a probe has no body', (await probe.bytes()).length === 0)
})

expectLatency(health.step('health')).p(95).toBeBelow('500ms')
expectLatency(health.request('HEAD /health')).p(95).toBeBelow('500ms')
expectErrorRate(health).toBeBelow('0.1%')
