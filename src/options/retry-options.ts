import * as z from 'zod'
import { resolveRetry, retryOptionNames, retryProblems, type RetryOptions, type RetryPolicy } from '../shared/retry.ts'
import type { IssueParams } from './problems.ts'

/** When failed requests are made again; `null` for never. */
export const retryPolicy: z.ZodType<RetryPolicy | null> = z.unknown().transform((input, context) => {
  const problems = retryProblems(input)
  for (const { path, expected, received } of problems) {
    const at = path === '' ? [] : [path]
    const params: IssueParams = expected === undefined ? { known: retryOptionNames } : {}
    context.addIssue({ code: 'custom', message: `expected ${expected ?? ''}`, input: received, path: at, params })
  }
  return problems.length > 0 ? z.NEVER : (resolveRetry(input as number | RetryOptions) ?? null)
})
