import { check, expectLatency, http, scenario, step } from 'vitest-load'

const health = scenario('health', { load: { vus: 5, iterations: 500 } }, async () => {
  const response = await step('health', () => http.get('/health').expect(200))
  check('answers as JSON', response.header('content-type')?.startsWith('application/json'))
})

expectLatency(health.step('health')).p(95).toBeBelow('500ms')
