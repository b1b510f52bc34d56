import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeMachine, markdownTable } from './markdown.ts'
import { toleratedLoad, watchMachine } from './machine-load.ts'

/** A budget, and what was measured of it. */
export interface Budget {
  /** Its place in the table. */
  readonly order: number
  readonly what: string
  readonly budget: string
  readonly measured: string
  readonly isMet: boolean
  /** Where the time or memory goes that is over it. */
  readonly profile?: string
}

/** What a benchmark has found out. */
export interface BenchReport {
  /** Names its files: `RESULTS-<name>.md` and `results/<name>.json`. */
  readonly name: string
  readonly title: string
  /** How it was measured, in sentences. */
  readonly conditions: string
  /** Markdown. */
  readonly sections: readonly string[]
  readonly budgets: readonly Budget[]
  /** Whether its figures are the same on a busy machine. */
  readonly isSteady?: boolean
}

interface SavedFigures {
  readonly conditions: string
  readonly isSteady: boolean
  /** Highest part of the machine that others used, seen before and after. */
  readonly othersRatio: number
  readonly budgets: readonly Budget[]
}

/** Options that every benchmark with budgets knows. */
export const reportOptions = {
  write: { type: 'boolean', default: false },
  /** Where it writes, relative to the working directory. */
  folder: { type: 'string', default: fileURLToPath(new URL('../', import.meta.url)) },
} as const

/** The values of `reportOptions`. */
export interface ReportFlags {
  readonly write: boolean
  readonly folder: string
}

/** Looks for two seconds at what others use of the machine, 0 to 1. Nothing of ours may run meanwhile. */
export async function sampleOthers(): Promise<number> {
  const others = watchMachine()
  await new Promise((done) => setTimeout(done, 2000))
  return others(0)
}

/** Prints a report and, when asked to, writes it down and renews the table of budgets. */
export async function publish(report: BenchReport, othersBefore: number, flags: ReportFlags): Promise<void> {
  const othersRatio = Math.max(othersBefore, await sampleOthers())
  const noise = `other processes used up to ${percent(othersRatio)} of the machine before or after`
  const conditions = `${describeMachine()}; ${report.conditions}; ${noise}.`
  const verdicts = report.budgets.map(
    (row) => `- ${row.what}: ${row.measured}, budget ${row.budget}: ${verdictOf(row)}`,
  )
  const text = [...report.sections, ...(verdicts.length === 0 ? [] : [verdicts.join('\n')]), conditions].join('\n\n')
  console.log(text)
  if (!flags.write) return
  const folder = resolve(flags.folder)
  await mkdir(`${folder}/results`, { recursive: true })
  await writeFile(`${folder}/RESULTS-${report.name}.md`, `# ${report.title}\n\n${text}\n`)
  const { isSteady = false, budgets } = report
  const figures: SavedFigures = { conditions, isSteady, othersRatio, budgets }
  await writeFile(`${folder}/results/${report.name}.json`, `${JSON.stringify(figures, null, 2)}\n`)
  await writeFile(`${folder}/RESULTS.md`, await renderBudgets(folder))
}

function verdictOf({ isMet }: Budget): string {
  return isMet ? 'met' : 'MISSED'
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`
}

/** Renders the table of all budgets whose figures were ever written. */
export async function renderBudgets(folder: string): Promise<string> {
  const names = (await readdir(`${folder}/results`)).filter((name) => name.endsWith('.json')).toSorted()
  const all = await Promise.all(
    names.map(async (name) => {
      const figures = JSON.parse(await readFile(`${folder}/results/${name}`, 'utf8')) as SavedFigures
      return { ...figures, name: name.replace('.json', '') }
    }),
  )
  const rows = all
    .flatMap(({ name, isSteady, othersRatio, budgets }) =>
      budgets.map((row) => ({ ...row, name, isNoisy: !isSteady && othersRatio > toleratedLoad })),
    )
    .toSorted((left, right) => left.order - right.order)
  const table = markdownTable(
    ['what', 'budget', 'measured', 'verdict', 'details'],
    rows.map((row) => [
      row.what,
      row.budget,
      row.measured,
      `${verdictOf(row)}${row.isNoisy ? ' (noisy)' : ''}`,
      `[${row.name}](RESULTS-${row.name}.md)`,
    ]),
  )
  const profiles = rows
    .filter(({ isMet, profile }) => !isMet && profile !== undefined)
    // One profile may be that of several rows.
    .filter(({ profile }, index, missed) => missed.findIndex((other) => other.profile === profile) === index)
    .map(({ what, profile }) => `### ${what}\n\n${profile ?? ''}`)
  const missed = profiles.length === 0 ? [] : ['## Where the time goes of what was missed', ...profiles]
  const conditions = all.map(({ name, conditions: text }) => `- ${name}: ${text}`)
  const noisy = `*noisy*: other processes used more than ${percent(toleratedLoad)} of the machine before or after.`
  return `${['# Budgets', table, noisy, conditions.join('\n'), ...missed].join('\n\n')}\n`
}
