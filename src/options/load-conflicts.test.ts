import { expect, it } from 'vitest'
import { resolveLoad } from './load-options.ts'
import { problemsOf } from './fixtures/written-load.ts'

const vus = { duration: '1s', vus: 1 }
const rate = { duration: '1s', rate: 1 }
const target = { duration: '1s', target: 1 }

it('names both sides of a conflict with a rate and both ways out', () => {
  const conflicts = [
    { rate: 5 },
    { rate: 5, vus: 5, duration: '1s' },
    { rate: 5, iterations: 5, duration: '1s' },
    { rate: 5, iterationsPerVU: 5, duration: '1s' },
    { rate: 5, maxDuration: '1s', duration: '1s' },
    { rate: 5, startRate: 5, duration: '1s' },
    { rate: 5, startVUs: 5, duration: '1s' },
    { rate: 5, gracefulRampDown: 5, duration: '1s' },
    { rate: 5, timeUnit: '1m', duration: '1s' },
    { duration: '1s', maxVUs: 5 },
    { vus: 5, preAllocatedVUs: 5 },
    { iterations: 5, arrivals: 'poisson' },
    { duration: '1s', startRate: 5 },
    { executor: 'constant-arrival-rate' },
    { executor: 'constant-arrival-rate', rate: 5, duration: '1s', vus: 5 },
    { executor: 'constant-arrival-rate', rate: '5/s', timeUnit: '1m', duration: '1s' },
    { executor: 'constant-vus', duration: '1s', rate: 5 },
  ]
  expect(conflicts.flatMap(problemsOf)).toMatchInlineSnapshot(`
    [
      "load.duration: 'rate' needs a duration, such as '30s'; received undefined",
      "load: 'rate' and 'vus' contradict each other. Remove 'rate' or write 'maxVUs' in place of 'vus'",
      "load: 'rate' and 'iterations' contradict each other. Remove 'rate' or remove 'iterations'",
      "load: 'rate' and 'iterationsPerVU' contradict each other. Remove 'rate' or remove 'iterationsPerVU'",
      "load: 'rate' and 'maxDuration' contradict each other. Remove 'rate' or remove 'maxDuration'",
      "load: 'startRate' and 'rate' contradict each other. Remove 'startRate' or write 'stages' in place of 'rate'",
      "load: 'startVUs' and 'rate' contradict each other. Remove 'startVUs' or write 'stages' in place of 'rate'",
      "load: 'gracefulRampDown' and 'rate' contradict each other. Remove 'gracefulRampDown' or write 'stages' in place of 'rate'",
      "load: 'timeUnit' needs an 'executor'. Add it, or remove 'timeUnit' and write a rate such as '90/m'",
      "load: 'maxVUs' needs 'rate'. Add 'rate' or remove 'maxVUs'",
      "load: 'preAllocatedVUs' needs 'rate'. Add 'rate' or remove 'preAllocatedVUs'",
      "load: 'arrivals' needs 'rate'. Add 'rate' or remove 'arrivals'",
      "load: 'startRate' needs 'stages'. Add 'stages' or remove 'startRate'",
      "load.rate: 'constant-arrival-rate' needs a rate, such as '500/s'; received undefined",
      "load.duration: 'constant-arrival-rate' needs a duration, such as '30s'; received undefined",
      "load: 'vus' and 'constant-arrival-rate' contradict each other. Write 'maxVUs' in place of 'vus' or remove 'constant-arrival-rate'",
      "load: 'timeUnit' and the unit in 'rate' contradict each other. Remove 'timeUnit' or write 'rate' as a number",
      "load: 'rate' and 'constant-vus' contradict each other. Remove 'rate' or remove 'constant-vus'",
    ]
  `)
})

it('names both sides of a conflict with stages and both ways out', () => {
  const conflicts = [
    { stages: [vus], duration: '1s' },
    { stages: [vus], vus: 5 },
    { stages: [rate], vus: 5 },
    { stages: [rate], rate: 5 },
    { stages: [rate], iterations: 5 },
    { stages: [vus], iterationsPerVU: 5 },
    { stages: [vus], maxDuration: '1s' },
    { stages: [vus], startRate: 5 },
    { stages: [vus], maxVUs: 5 },
    { stages: [rate], startVUs: 5 },
    { stages: [rate], gracefulRampDown: 5 },
    { stages: [rate], timeUnit: '1m' },
    { startVUs: 5 },
    { executor: 'ramping-vus' },
    { executor: 'ramping-vus', stages: [target], vus: 5 },
    { executor: 'ramping-vus', stages: [target], rate: 5 },
    { executor: 'ramping-arrival-rate', stages: [target], duration: '1s' },
    { executor: 'ramping-arrival-rate', stages: [target], startRate: '5/s', timeUnit: '1m' },
    { executor: 'ramping-arrival-rate', stages: [{ ...target, target: '5/s' }], timeUnit: '1m' },
  ]
  expect(conflicts.flatMap(problemsOf)).toMatchInlineSnapshot(`
    [
      "load: 'stages' and 'duration' contradict each other. Remove 'stages' or remove 'duration'",
      "load: 'stages' and 'vus' contradict each other. Remove 'stages' or write 'startVUs' in place of 'vus'",
      "load: 'stages' and 'vus' contradict each other. Remove 'stages' or write 'maxVUs' in place of 'vus'",
      "load: 'stages' and 'rate' contradict each other. Remove 'stages' or remove 'rate'",
      "load: 'stages' and 'iterations' contradict each other. Remove 'stages' or remove 'iterations'",
      "load: 'stages' and 'iterationsPerVU' contradict each other. Remove 'stages' or remove 'iterationsPerVU'",
      "load: 'stages' and 'maxDuration' contradict each other. Remove 'stages' or remove 'maxDuration'",
      "load: 'startRate' and the 'vus' of stages contradict each other. Remove 'startRate' or write 'rate' in place of 'vus'",
      "load: 'maxVUs' and the 'vus' of stages contradict each other. Remove 'maxVUs' or write 'rate' in place of 'vus'",
      "load: 'startVUs' and the 'rate' of stages contradict each other. Remove 'startVUs' or write 'vus' in place of 'rate'",
      "load: 'gracefulRampDown' and the 'rate' of stages contradict each other. Remove 'gracefulRampDown' or write 'vus' in place of 'rate'",
      "load: 'timeUnit' needs an 'executor'. Add it, or remove 'timeUnit' and write a rate such as '90/m'",
      "load: 'startVUs' needs 'stages'. Add 'stages' or remove 'startVUs'",
      "load.stages: 'ramping-vus' needs stages, such as [{ duration: '30s', target: 10 }]; received undefined",
      "load: 'vus' and 'ramping-vus' contradict each other. Write 'startVUs' in place of 'vus' or remove 'ramping-vus'",
      "load: 'rate' and 'ramping-vus' contradict each other. Remove 'rate' or remove 'ramping-vus'",
      "load: 'duration' and 'ramping-arrival-rate' contradict each other. Remove 'duration' or remove 'ramping-arrival-rate'",
      "load: 'timeUnit' and the unit in 'startRate' contradict each other. Remove 'timeUnit' or write 'startRate' as a number",
      "load: 'timeUnit' and the unit in 'target' contradict each other. Remove 'timeUnit' or write 'target' as a number",
    ]
  `)
})

it('names both sides of a conflict within stages and both ways out', () => {
  const conflicts = [
    { stages: [vus, rate] },
    { stages: [target, target] },
    { stages: [vus, target] },
    { stages: [{ ...vus, rate: 1 }] },
    { stages: [vus, { ...vus, target: 1 }] },
    { stages: [vus, { duration: '1s' }] },
    { executor: 'ramping-vus', stages: [{ duration: '1s' }] },
    { executor: 'ramping-vus', stages: [rate] },
    { executor: 'ramping-arrival-rate', stages: [vus] },
    { executor: 'ramping-arrival-rate', stages: [{ ...rate, target: 1 }] },
  ]
  expect(conflicts.flatMap(problemsOf)).toMatchInlineSnapshot(`
    [
      "load: 'vus' and 'rate' in stages contradict each other. Write 'vus' in each stage or 'rate' in each stage",
      "load: 'target' in stages needs an 'executor'. Write 'vus' or 'rate' in place of 'target', or add executor: 'ramping-vus' or executor: 'ramping-arrival-rate'",
      "load: 'target' in stages needs an 'executor'. Write 'vus' or 'rate' in place of 'target', or add executor: 'ramping-vus' or executor: 'ramping-arrival-rate'",
      "load.stages.0: 'vus' and 'rate' contradict each other. Remove 'vus' or remove 'rate'",
      "load.stages.1: 'vus' and 'target' contradict each other. Remove 'vus' or remove 'target'",
      "load.stages.1: expected a duration and 'vus' or 'rate' at its end; received {"duration":"1s"}",
      "load.stages.0: expected a duration and 'target' at its end; received {"duration":"1s"}",
      "load: 'rate' in stages and 'ramping-vus' contradict each other. Write 'target' in place of 'rate' or 'ramping-arrival-rate' in place of 'ramping-vus'",
      "load: 'vus' in stages and 'ramping-arrival-rate' contradict each other. Write 'target' in place of 'vus' or 'ramping-vus' in place of 'ramping-arrival-rate'",
      "load.stages.0: 'rate' and 'target' contradict each other. Remove 'rate' or remove 'target'",
    ]
  `)
})

it("wants k6's name of the field in stages where the executor has k6's name", () => {
  const problems: string[] = []
  resolveLoad({ executor: 'ramping-vus', stages: [vus] }, 'load', problems)
  resolveLoad({ executor: 'ramping-arrival-rate', stages: [rate] }, 'load', problems)
  expect(problems).toEqual([
    "load: 'vus' in stages and 'ramping-vus' contradict each other. Write 'target' in place of 'vus' or remove 'executor'",
    "load: 'rate' in stages and 'ramping-arrival-rate' contradict each other. Write 'target' in place of 'rate' or remove 'executor'",
  ])
})
