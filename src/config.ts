export { functionalProject } from './config/functional-project.ts'
export { loadProject } from './config/load-project.ts'
export { loadPool } from './pool/load-pool.ts'

export type { FunctionalProjectOptions } from './config/functional-project.ts'
export type { LoadProjectOptions } from './config/load-project.ts'
export type { ProjectSettings } from './config/project-settings.ts'
export type { BaseUrlOption, LoadRunOptions, TargetOptions } from './options/project-options.ts'
export type { Duration } from './shared/durations.ts'
