import type { TestProject } from 'vitest/node'
import { escapeRegExp } from '../shared/text.ts'

/**
 * Whether a load was asked for: `LOAD=1`, or a `--project` that names this project. A bare `vitest run` or an editor's "run
 * all" must never send load by accident.
 */
export function isLoadAsked(project: TestProject, askedByEnvironment: boolean): boolean {
  if (askedByEnvironment) return true
  const filters = project.vitest.config.project
  return [filters].flat().some((filter) => namesProject(filter, project.name))
}

/** Whether a `--project` names a project. */
export function namesProject(filter: string, name: string): boolean {
  if (filter.startsWith('!') || /^\*+$/.test(filter)) return false
  const pattern = filter.split('*').map(escapeRegExp)
  return new RegExp(`^${pattern.join('.*')}$`, 'i').test(name)
}
