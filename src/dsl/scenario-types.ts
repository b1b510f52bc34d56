import type { Feeder } from '../data/feeder.ts'
import type { Http } from '../http/http.ts'
import type { LoadOptions } from '../options/load-shapes.ts'
import type { ImplicitSloOptions } from '../options/scenario-options.ts'
import type { AbortOptions } from '../options/slo-options.ts'
import type { check } from './check.ts'
import type { ScenarioHandle } from './handle.ts'
import type { think } from './think.ts'
import type { VU } from './vu.ts'

/** The feeders of a scenario, by the name under which the body finds the row. */
export type Feeders = Readonly<Record<string, Feeder<unknown>>>

/** The rows that the feeders of a scenario hand to one iteration. */
export type RowsOf<F extends Feeders> = { readonly [Name in keyof F]: F[Name] extends Feeder<infer Row> ? Row : never }

/** What hooks of a virtual user are called with. */
export interface HookContext<Prepared = unknown> {
  /** What `before` returned. */
  readonly prepared: Prepared
  readonly vu: VU
  readonly http: Http
}

/**
 * What a scenario's body is called with. The same helpers can be imported from `vitest-load`. `BodyContext` without type
 * arguments is what a helper takes that serves every scenario.
 */
export interface BodyContext<
  F extends Feeders = Feeders,
  Prepared = unknown,
  State = unknown,
  Step extends string = string,
> extends HookContext<Prepared> {
  /** One row of each feeder in `data`. */
  readonly data: RowsOf<F>
  /** What this virtual user's `setup` returned. */
  readonly state: State
  readonly step: <T>(name: Step, fn: () => T | PromiseLike<T>) => Promise<T>
  readonly check: typeof check
  readonly think: typeof think
}

/** A scenario's body: one iteration of one virtual user under load, the test itself elsewhere. */
export type ScenarioBody<
  F extends Feeders = Feeders,
  Prepared = unknown,
  State = unknown,
  Step extends string = string,
> = (context: BodyContext<F, Prepared, State, Step>) => unknown

/** Options of a scenario. */
export interface ScenarioOptions<
  F extends Feeders = Feeders,
  Prepared = unknown,
  State = unknown,
  Step extends string = string,
> {
  /** How much load; one virtual user and one iteration by default. `LOAD_*` variables win over it. */
  readonly load?: LoadOptions
  /** In a `mix()`, in place of `load`: how much of the mix's load this scenario takes, beside the others. @default 1 */
  readonly weight?: number
  /** Where each iteration's rows come from: `{ user: csv('users.csv') }`. */
  readonly data?: F
  /** `'iteration'`: a fresh cookie jar for each iteration, as for a new visitor. `'vu'`: one for the virtual user. `'none'`: cookies are neither kept nor sent, but for those that a request has as its header. @default 'iteration' */
  readonly cookies?: 'iteration' | 'vu' | 'none'
  /**
   * Names of the steps, so that the editor knows them in objectives and in the body's `step`. A nested step is listed by
   * its own name; objectives call it by its path, `'checkout > pay'`.
   */
  readonly steps?: readonly Step[]
  /** Changes or turns off the objectives that hold although nobody declared them. */
  readonly slo?: ImplicitSloOptions
  /** Ends the load early when so large a part of the iterations fails; in place of what the project says. `false`: never. */
  readonly abort?: AbortOptions | false
  /** Runs once per run, before the load. What it returns must be plain data: it is cloned into every thread. */
  readonly before?: () => Prepared | PromiseLike<Prepared>
  /** Runs once per run, after the load. */
  readonly after?: (context: { readonly prepared: NoInfer<Prepared> }) => unknown
  /**
   * Runs once for each virtual user, before its first iteration: before the load starts, but for users that an arrival rate
   * or a ramp may need later. Its requests are reported apart.
   */
  readonly setup?: (context: HookContext<NoInfer<Prepared>>) => State | PromiseLike<State>
  /**
   * Runs once for each virtual user, after the load has ended, or when a ramp has cut it. Written after `setup`, it knows the type of `state`;
   * TypeScript reads the hooks in their order.
   */
  readonly teardown?: (context: HookContext<NoInfer<Prepared>> & { readonly state: NoInfer<State> }) => unknown
}

/**
 * What objectives call a step by: its name, or the path of a nested one, which begins and ends with a name. With a pattern
 * in between, an editor offers the names alone and not every pair of them.
 */
export type StepPath<Step extends string> = Step | `${Step} > ${string}${Step}`

/** Registers a scenario. See `scenario`. */
export interface ScenarioFunction {
  <
    F extends Feeders = Record<never, never>,
    Prepared = undefined,
    State = undefined,
    const Step extends string = string,
  >(
    name: string,
    options: ScenarioOptions<F, Prepared, State, Step>,
    body: ScenarioBody<F, NoInfer<Prepared>, NoInfer<State>, NoInfer<Step>>,
  ): ScenarioHandle<StepPath<Step>>
  (name: string, body: ScenarioBody<Record<never, never>, undefined, undefined>): ScenarioHandle
}

/** Registers a scenario for one case of `.for`. */
export interface ScenarioForFunction<Case> {
  <
    F extends Feeders = Record<never, never>,
    Prepared = undefined,
    State = undefined,
    const Step extends string = string,
  >(
    name: string,
    options: ScenarioOptions<F, Prepared, State, Step> | ((item: Case) => ScenarioOptions<F, Prepared, State, Step>),
    body: (item: Case, context: BodyContext<F, NoInfer<Prepared>, NoInfer<State>, NoInfer<Step>>) => unknown,
  ): ScenarioHandle<StepPath<Step>>[]
  (
    name: string,
    body: (item: Case, context: BodyContext<Record<never, never>, undefined, undefined>) => unknown,
  ): ScenarioHandle[]
}

/** `scenario` with its chain. */
export interface ScenarioAPI extends ScenarioFunction {
  readonly skip: ScenarioAPI
  readonly only: ScenarioAPI
  readonly todo: ScenarioAPI & ((name: string) => ScenarioHandle)
  /** Starts together with the other concurrent suites around it. */
  readonly concurrent: ScenarioAPI
  readonly skipIf: (condition: unknown) => ScenarioAPI
  readonly runIf: (condition: unknown) => ScenarioAPI
  /**
   * One scenario for each case, with its own load, objectives and result. `$field`, `%s` and `%i` in the name are
   * filled from the case, as in Vitest's `describe.for`. Returns the handles in the order of the cases.
   */
  readonly for: <const Case>(cases: readonly Case[]) => ScenarioForFunction<Case>
}
