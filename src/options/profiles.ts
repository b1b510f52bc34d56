import * as z from 'zod'
import { nearestName, showValue } from '../shared/text.ts'
import type { LoadEnvironment } from './environment.ts'
import { resolveLoad } from './load-options.ts'
import { boundsVUs } from './load-stages.ts'
import type { LoadOptions } from './load-shapes.ts'
import { checkOptions, scaleFactor } from './problems.ts'
import type { ResolvedLoad } from './resolved-load.ts'

/** How much of a load: a number such as `0.1` or `3`, or a percentage such as `'10%'`. */
export type Scale = string | number

/** Replaces the load of every scenario as a whole. */
interface ReplacingProfile {
  readonly load: LoadOptions
  readonly scale?: undefined
}

/** Multiplies the load of every scenario: rates and numbers of virtual users and shared iterations, not durations. */
interface ScalingProfile {
  readonly scale: Scale
  readonly load?: undefined
}

/** How intense loads are under a profile: one load in place of every scenario's, or each scenario's own, multiplied. */
export type ProfileOptions = ReplacingProfile | ScalingProfile

/** The profiles of a load project, and the one in force. */
export interface ProfilesOptions {
  /**
   * Intensities by name: `{ smoke: { load: { vus: 1, iterations: 1 } }, ci: { scale: 0.1 } }`. `LOAD_PROFILE=ci` chooses
   * one, so that specs need not be touched.
   */
  readonly profiles?: Readonly<Record<string, ProfileOptions>>
  /** Name of the profile in force when `LOAD_PROFILE` names no other. @default none: loads are as they are written */
  readonly profile?: string
}

/** A profile as threads need it. */
export interface ResolvedProfile {
  readonly name: string
  /** In place of every scenario's load, `LOAD_SCALE` included; `undefined` in a profile that scales. */
  readonly load: ResolvedLoad | undefined
  /** Whether its load says how many virtual users a rate may have at most. */
  readonly isBounded?: true
  readonly scale: number
}

/** What has changed the load that a scenario's options say. */
export interface Intensity {
  /** Name of the profile in force, if its load or scale is. */
  readonly profile: string | undefined
  /** What the load was multiplied by, by the profile and by `LOAD_SCALE` together. */
  readonly scale: number
}

/** What nothing has changed. */
const asWritten: Intensity = Object.freeze({ profile: undefined, scale: 1 })

/** What a project's profiles come to. */
export interface ChosenProfile {
  readonly profile: ResolvedProfile | undefined
  /** Set when `LOAD_PROFILE` names none: a project that is not run need not know what another one's is called. */
  readonly unknown: string | undefined
}

const expectedProfile = 'expected { load: { vus: 1, iterations: 1 } } or { scale: 0.1 }'
const profilesSchema = z.record(z.string(), z.unknown(), 'expected profiles by name such as { ci: { scale: 0.1 } }')
const profileSchema = z.strictObject({ load: z.unknown().optional(), scale: scaleFactor.optional() }, expectedProfile)

/** Checks all profiles and chooses the one in force. Problems are added to `problems`. */
export function chooseProfile(
  options: ProfilesOptions,
  environment: LoadEnvironment,
  problems: string[],
): ChosenProfile {
  const checked = checkOptions(profilesSchema, options.profiles ?? {}, 'profiles')
  problems.push(...checked.problems)
  const written = Object.entries(checked.value ?? {})
  const profiles = written.map(([name, profile]) => resolveProfile(name, profile, environment.scale, problems))
  const names = profiles.map(({ name }) => name)
  if (options.profile !== undefined && !names.includes(options.profile))
    problems.push(`profile: ${describeUnknown(options.profile, names)}`)
  const name = environment.profile ?? options.profile
  const isUnknown = environment.profile !== undefined && !names.includes(environment.profile)
  return {
    profile: profiles.find((profile) => profile.name === name),
    unknown: isUnknown ? `LOAD_PROFILE: ${describeUnknown(environment.profile, names)}` : undefined,
  }
}

/** Words for what has changed a load, to follow its description: ` (profile ci, × 0.1)`; empty where nothing has. */
export function describeIntensity({ profile, scale }: Intensity = asWritten): string {
  const parts = [profile === undefined ? '' : `profile ${profile}`, scale === 1 ? '' : `× ${formatScale(scale)}`]
  const told = parts.filter((part) => part !== '').join(', ')
  return told === '' ? '' : ` (${told})`
}

function formatScale(scale: number): string {
  return Number(scale.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 20 })
}

function resolveProfile(
  name: string,
  written: unknown,
  variableScale: number | undefined,
  problems: string[],
): ResolvedProfile {
  const place = `profiles.${name}`
  const { value, problems: found } = checkOptions(profileSchema, written, place)
  problems.push(...found)
  const { load, scale } = value ?? {}
  if (value !== undefined && load === undefined && scale === undefined)
    problems.push(`${place}: ${expectedProfile}; received {}`)
  if (load !== undefined && scale !== undefined)
    problems.push(`${place}: 'load' and 'scale' contradict each other. Remove 'load' or remove 'scale'`)
  return {
    name,
    load: load === undefined ? undefined : resolveLoad(load, `${place}.load`, problems, variableScale),
    ...(typeof load === 'object' && load !== null && boundsVUs(load) && { isBounded: true }),
    scale: scale ?? 1,
  }
}

function describeUnknown(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  const list =
    known.length === 0
      ? "the project has none: give loadProject() an option 'profiles'"
      : `known are ${known.join(', ')}`
  return `no such profile; received ${showValue(name)}; ${nearest === undefined ? list : `did you mean '${nearest}'? (${list})`}`
}
