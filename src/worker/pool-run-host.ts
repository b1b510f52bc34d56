import { RunSkipped, type RunAssignment, type RunHost } from '../engine/run-host.ts'
import type { AssignmentData, MainMessage, ThreadMessage } from '../pool/messages.ts'
import { LoadError } from '../shared/errors.ts'
import type { ControlChannel } from './control-channel.ts'

type Progress = Extract<ThreadMessage, { type: 'progress' }>['progress']
type Report = Extract<ThreadMessage, { type: 'report' }>['report']
type Plan = Extract<ThreadMessage, { type: 'ready' }>['plan']
type Result = Extract<MainMessage, { type: 'outcome' }>['result']
type Phase = Extract<ThreadMessage, { type: 'phase' }>['phase']
type Step = Exclude<MainMessage, { type: 'answer' | 'stop' | 'ping' }>

/** The run host of a thread of the load pool: says to main what the engine says, one answer at a time. */
export class PoolRunHost implements RunHost {
  readonly youngHeapBytes: number
  nextLevel: number | undefined

  readonly #channel: ControlChannel
  readonly #taskId: string
  #answer: ((step: Step) => void) | undefined
  /** A refusal may come while this thread is busy, with set-up for one: it waits for the next question. */
  #refusal: Extract<MainMessage, { type: 'refused' }> | undefined
  #onStop: ((gracefulStopMs?: number) => void) | undefined
  #stop: Extract<MainMessage, { type: 'stop' }> | undefined

  constructor(channel: ControlChannel, taskId: string, youngHeapBytes: number) {
    this.youngHeapBytes = youngHeapBytes
    this.#channel = channel
    this.#taskId = taskId
    channel.listen(taskId, (message) => {
      if (message.type === 'stop') {
        this.#stop = message
        this.#onStop?.(message.gracefulStopMs)
        return
      }
      if (message.type === 'refused') this.#refusal = message
      this.#answer?.(message)
    })
  }

  async ready(plan: Plan, prepared: unknown): Promise<RunAssignment> {
    const answer = this.#expect('assignment')
    this.#channel.send({ type: 'ready', taskId: this.#taskId, plan, prepared })
    const { assignment }: { assignment: AssignmentData } = await answer
    return assignment
  }

  async go(): Promise<void> {
    const answer = this.#expect('go')
    this.#channel.send({ type: 'armed', taskId: this.#taskId })
    await answer
  }

  giveUp(reason: string): void {
    this.#channel.send({ type: 'give-up', taskId: this.#taskId, reason })
    this.#channel.unlisten(this.#taskId)
  }

  enter(phase: Phase): void {
    this.#channel.send({ type: 'phase', taskId: this.#taskId, phase })
  }

  snapshot(progress: Progress): void {
    const { cells, totals } = progress.snapshot
    this.#channel.send({ type: 'progress', taskId: this.#taskId, progress }, [cells.buffer, totals.buffer])
  }

  requestStop(reason?: string): void {
    this.#channel.send({ type: 'stop-request', taskId: this.#taskId, reason })
  }

  onStop(listener: (gracefulStopMs?: number) => void): void {
    this.#onStop = listener
    if (this.#stop !== undefined) listener(this.#stop.gracefulStopMs)
  }

  async result(report: Report): Promise<Result> {
    const answer = this.#expect('outcome')
    const { cells, totals } = report.snapshot
    this.#channel.send({ type: 'report', taskId: this.#taskId, report }, [cells.buffer, totals.buffer])
    const { result, nextLevel } = await answer
    this.nextLevel = nextLevel
    this.#channel.unlisten(this.#taskId)
    return result
  }

  async #expect<Type extends Step['type']>(type: Type): Promise<Extract<Step, { type: Type }>> {
    const step = this.#refusal ?? (await new Promise<Step>((resolve) => (this.#answer = resolve)))
    if (step.type === type) return step as Extract<Step, { type: Type }>
    this.#channel.unlisten(this.#taskId)
    if (step.type !== 'refused')
      throw new LoadError('ERR_LOAD_INTERNAL', `Expected '${type}' from the pool, got '${step.type}'.`)
    if (step.skip) throw new RunSkipped(step.reason)
    throw new LoadError('ERR_LOAD_THREAD', `The load did not take place: ${step.reason}`)
  }
}
