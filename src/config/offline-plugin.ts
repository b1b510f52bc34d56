import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, resolve } from 'node:path'
import type { ProvidedContext } from 'vitest'
import type { Plugin } from 'vitest/config'
import type { TestProject } from 'vitest/node'
import { readEnvironment } from '../options/environment.ts'
import {
  findOfflineProblems,
  offlineKey,
  type OfflineProjectOptions,
  type ResolvedOffline,
} from '../options/offline-options.ts'
import type { TargetOptions } from '../options/project-options.ts'
import { throwProblems } from '../shared/errors.ts'
import { libraryFile } from './library.ts'

/** What a project needs so that mocks answer in place of the network. */
export interface OfflinePart {
  readonly plugin: Plugin
  readonly setupFiles: readonly string[]
}

/** Of the set-up file that the plugin makes: there is none of this name on the disk. */
const setupFile = 'vitest-load-offline-setup.js'

/**
 * Makes the set-up file of an offline project. It imports the handlers as a spec does – with the project's aliases, and so
 * that both see the same ones – which only code can do that goes through Vite. A load that nobody asked for needs none.
 */
export function offlinePlugin(
  option: OfflineProjectOptions['offline'],
  offline: ResolvedOffline | undefined,
  isAsked: (project: TestProject) => boolean = () => true,
): OfflinePart {
  let setUp = { file: setupFile, code: '' }
  const plugin: Plugin = {
    name: 'vitest-load:offline',
    configureVitest({ project }) {
      const { root } = project.config
      const problems = findVariableProblems(option)
      if (offline !== undefined) problems.push(...findModuleProblems(offline, root))
      throwProblems(`Configuration of the project '${project.name}'`, problems)
      if (offline === undefined) return
      setUp = {
        file: resolve(root, setupFile),
        code: isAsked(project) ? setupCode(resolve(root, offline.handlers)) : '',
      }
      project.provide(offlineKey as keyof ProvidedContext, offline as never)
    },
    // The path that Vitest has made of the name: so it knows which specs depend on the handlers.
    resolveId: (id) => (basename(id) === setupFile ? setUp.file : undefined),
    load: (id) => (basename(id) === setupFile ? setUp.code : undefined),
  }
  return { plugin, setupFiles: offline === undefined ? [] : [setupFile] }
}

/** The options of a project, which needs no base URL when mocks answer. */
export function withBaseUrl<Options extends TargetOptions>(
  options: Options,
  offline: ResolvedOffline | undefined,
): Options {
  return offline?.inventedBaseUrl === undefined ? options : { ...options, baseUrl: offline.inventedBaseUrl }
}

function findVariableProblems(option: OfflineProjectOptions['offline']): string[] {
  const problems: string[] = []
  const environment = readEnvironment(process.env, problems)
  // A load project has told what is wrong with the others, which are none of an ordinary test's business.
  return [...problems.filter((line) => line.startsWith('LOAD_OFFLINE:')), ...findOfflineProblems(option, environment)]
}

function findModuleProblems({ handlers }: ResolvedOffline, root: string): string[] {
  const problems: string[] = []
  if (/[?#]/.test(handlers))
    problems.push(`offline: '${handlers}' cannot be imported, because of the '?' or '#' in it. Rename the file`)
  else if (!existsSync(resolve(root, handlers)))
    problems.push(`offline: there is no file '${handlers}' in the project's root. Correct the path`)
  if (!isInstalled('msw', root))
    problems.push('offline: needs msw, which is not installed. Run npm install --save-dev msw@3')
  return problems
}

function isInstalled(name: string, root: string): boolean {
  try {
    createRequire(resolve(root, 'package.json')).resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}

function setupCode(handlers: string): string {
  return `import * as handlers from ${JSON.stringify(handlers)}
import { setUpOffline } from ${JSON.stringify(libraryFile('worker/offline-setup'))}
setUpOffline(handlers)`
}
