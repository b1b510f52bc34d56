import { LoadError } from '../shared/errors.ts'
import { hideSecrets, printable } from '../shared/text.ts'

/** So many are shown; the others are only counted. */
const shownProblems = 10
const regexSyntax = /[.*+?^${}()|[\]\\]/g

/** What is wrong with the rows of a file: the first problems in full, the number of all. */
export class RowProblems {
  readonly #what: string
  readonly #shown: string[] = []
  #count: number = 0

  /** `what`: how errors call the feeder. */
  constructor(what: string) {
    this.#what = what
  }

  /** `where`: the row. `values`: what is in it, none of which is shown, for it may be a password. */
  add(where: string, problem: string, values: readonly string[] = []): void {
    this.#count += 1
    if (this.#shown.length < shownProblems) this.#shown.push(`${where}: ${withoutValues(problem, values)}`)
  }

  /** @throws {LoadError} `ERR_LOAD_DATA` when there are any. */
  throwIfAny(): void {
    if (this.#count === 0) return
    const noun = this.#count === 1 ? '1 problem' : `${this.#count.toLocaleString('en')} problems`
    const rest = this.#count - this.#shown.length
    const more = rest === 0 ? [] : [`and ${rest.toLocaleString('en')} more`]
    const lines = [...this.#shown, ...more].map((line) => `  - ${line}`).join('\n')
    throw new LoadError('ERR_LOAD_DATA', `${this.#what} cannot be used: ${noun}.\n${lines}`)
  }
}

/** A schema's message may quote what it has received, however short. */
function withoutValues(problem: string, values: readonly string[]): string {
  let shown = printable(hideSecrets(problem, values))
  for (const value of values) {
    if (value.length < 2) continue
    shown = shown.replaceAll(new RegExp(`(?<!\\w)${value.replaceAll(regexSyntax, String.raw`\$&`)}(?!\\w)`, 'g'), '…')
  }
  return shown
}
