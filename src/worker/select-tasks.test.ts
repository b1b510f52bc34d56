import { describe, expect, it } from 'vitest'
import type { RunnerTestFile } from 'vitest'
import { scenarioMark } from '../dsl/start-order.ts'
import { selectTasks } from './select-tasks.ts'

interface Task {
  readonly type: 'test' | 'suite'
  readonly name: string
  mode: string
  readonly tasks?: Task[]
}

function test(name: string, mode: string = 'run'): Task {
  return { type: 'test', name, mode }
}

function suite(name: string, tasks: Task[], mode: string = 'run'): Task {
  return { type: 'suite', name, mode, tasks }
}

function scenario(name: string, modes: { suite?: string; load?: string; slo?: string } = {}): Task {
  const tasks = [test('load', modes.load), test('p(95)', modes.slo)]
  return Object.assign(suite(name, tasks, modes.suite), {
    [scenarioMark]: { startAfter: undefined, isOpen: false, site: new Error(name) },
  })
}

/** The modes of all tasks after the selection, by path. */
function select(...tasks: Task[]): Record<string, string> {
  const file = suite('', tasks)
  selectTasks([file as unknown as RunnerTestFile])
  const modes: Record<string, string> = {}
  const visit = (task: Task, path: string): void => {
    modes[path === '' ? 'file' : path] = task.mode
    for (const child of task.tasks ?? []) visit(child, path === '' ? child.name : `${path} > ${child.name}`)
  }
  visit(file, '')
  return modes
}

describe('selectTasks', () => {
  it('runs scenarios and skips ordinary tests', () => {
    expect(select(test('plain'), suite('group', [test('inner'), scenario('a')]))).toEqual({
      file: 'run',
      plain: 'skip',
      group: 'run',
      'group > inner': 'skip',
      'group > a': 'run',
      'group > a > load': 'run',
      'group > a > p(95)': 'run',
    })
  })

  it('skips a suite and a file without scenarios', () => {
    expect(select(suite('group', [test('inner', 'only')]), test('todo', 'todo'))).toEqual({
      file: 'skip',
      group: 'skip',
      'group > inner': 'skip',
      todo: 'todo',
    })
  })

  it('selects the load with an objective, and the objectives with the load', () => {
    expect(select(scenario('a', { load: 'skip' }))).toMatchObject({ 'a > load': 'run', 'a > p(95)': 'run' })
    expect(select(scenario('a', { slo: 'skip' }))).toMatchObject({ 'a > load': 'run', 'a > p(95)': 'run' })
  })

  it('leaves alone what was not selected at all', () => {
    expect(select(scenario('a', { load: 'skip', slo: 'skip' }), scenario('b'))).toMatchObject({
      'a > load': 'skip',
      'a > p(95)': 'skip',
      'b > load': 'run',
    })
    expect(select(scenario('a', { suite: 'skip', load: 'skip' }), scenario('b'))).toMatchObject({
      a: 'skip',
      'a > load': 'skip',
    })
    expect(select(scenario('a', { suite: 'todo' }))).toMatchObject({ file: 'skip', a: 'todo' })
  })

  it('takes queued and only for selected', () => {
    expect(select(scenario('a', { suite: 'only', load: 'queued', slo: 'skip' }))).toMatchObject({
      file: 'run',
      a: 'only',
      'a > load': 'queued',
      'a > p(95)': 'run',
    })
  })
})
