import { describe, expect, it } from 'vitest'
import { MetricsRegistry } from '../metrics/registry.ts'
import { RunMetrics } from '../metrics/run-metrics.ts'
import { outcomes } from '../metrics/series.ts'
import { createRootFrame, createScope, openStepFrame, type Frame } from '../session/current.ts'
import { Session } from '../session/session.ts'
import type { Observation, Recorder } from './contract.ts'
import { createRecorder } from './recorder.ts'

const session = new Session({
  vuId: 3,
  scenario: 's',
  runId: 'r',
  cookieScope: 'vu',
  signal: new AbortController().signal,
})

function setUp(hook: boolean = false): { registry: MetricsRegistry; recorder: Recorder; root: Frame } {
  const registry = new MetricsRegistry()
  const exemplar = { vu: 3, iteration: 1, seed: 9, rows: {}, response: '' }
  const recorder = createRecorder(new RunMetrics(registry), { elapsedMs: () => 1234 }, () => exemplar)
  return { registry, recorder, root: createRootFrame(session, createScope(hook)) }
}

function observe(recorder: Recorder, frame: Frame, fields: Partial<Observation> = {}): void {
  recorder.started(frame)
  recorder.record(frame, {
    series: recorder.series(frame, 'GET /x', ['waiting']),
    durationUs: 1000,
    serviceUs: 900,
    outcome: outcomes.ok,
    failure: undefined,
    excerpt: undefined,
    phasesUs: Float64Array.of(800),
    ...fields,
  })
}

const failed: Partial<Observation> = {
  outcome: outcomes.failed,
  failure: { category: 'reset', message: 'closed' },
  excerpt: () => ({ response: 'body' }),
}

describe('createRecorder', () => {
  it('records duration, service time and phases of what succeeded', () => {
    const { registry, recorder, root } = setUp()
    observe(recorder, root)
    expect(registry.series('request', 'GET /x').parts.map((part) => part?.sum)).toEqual([
      1000,
      undefined,
      undefined,
      undefined,
      900,
      800,
    ])
    expect(registry.snapshot().counters.requestsStarted).toBe(1)
  })

  it('records only the duration of what failed, and the failure with its place and exemplar', () => {
    const { registry, recorder, root } = setUp()
    const step = openStepFrame(openStepFrame(root, 'checkout'), 'pay')
    observe(recorder, step, failed)
    expect(registry.series('request', 'GET /x').parts.map((part) => part?.count)).toEqual([
      undefined,
      1,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(registry.snapshot().errors).toEqual([
      {
        category: 'reset',
        message: 'closed',
        step: 'checkout > pay',
        request: 'GET /x',
        count: 1,
        firstSeenMs: 1234,
        lastSeenMs: 1234,
        exemplar: { vu: 3, iteration: 1, seed: 9, rows: {}, response: 'body' },
      },
    ])
    expect([step.failedRequests, step.parent?.failedRequests, root.failedRequests]).toEqual([1, 1, 1])
  })

  it('takes whatever ends after the cut as aborted', () => {
    const { registry, recorder, root } = setUp()
    root.scope.cut = true
    observe(recorder, root)
    expect(registry.series('request', 'GET /x').parts[outcomes.aborted]?.count).toBe(1)
    expect(registry.snapshot().errors).toMatchObject([{ category: 'aborted' }])
  })

  it('keeps the requests of hooks apart', () => {
    const { registry, recorder, root } = setUp(true)
    observe(recorder, root, failed)
    const { definitions, errors } = registry.snapshot()
    expect(definitions).toMatchObject([{ kind: 'hook', name: 'GET /x' }])
    expect(errors).toHaveLength(1)
  })

  it('tells who waits when the last request has ended', () => {
    const { recorder, root } = setUp()
    let idle = 0
    root.scope.onIdle = () => void (idle += 1)
    recorder.started(root)
    observe(recorder, root)
    expect([idle, root.scope.inFlight]).toEqual([0, 1])
    root.scope.inFlight = 0
    observe(recorder, root)
    expect(idle).toBe(1)
  })
})
