import { check, expectErrorRate, expectLatency, http, scenario } from 'vitest-load'

const options = { load: { vus: 5, iterations: 500 }, steps: ['health', 'probe'] } as const

/** All that makes an answer a good one, a limit for each single request included. */
const healthy = { status: 200, headers: { 'content-type': /^application\/json/ }, latency: '5s' } as const

const health = scenario('health', options, async ({ step }) => {
  await step('health', () => http.get('/health').expect({ ...healthy, body: '"status":"ok"' }))

  const probe = await step('probe', () => http.head('/health').expect(healthy))
  check('a probe has no body', (await probe.bytes()).length === 0)
})

expectLatency(health.step('health')).p(95).toBeBelow('1s')
expectLatency(health.request('HEAD /health')).p(95).toBeBelow('1s')
expectErrorRate(health).toBeBelow('0.1%')
