import * as z from 'zod'
import { resolveRetry, retryProblems, type RetryOptions, type RetryPolicy } from '../shared/retry.ts'

/** When failed requests are made again; `null` for never. */
export const retryPolicy: z.ZodType<RetryPolicy | null> = z.unknown().transform((input, context) => {
  const problems = retryProblems(input)
  for (const { path, expected, received } of problems) {
    const at = path === '' ? [] : [path]
    context.addIssue({ code: 'custom', message: `expected ${expected}`, input: received, path: at })
  }
  return problems.length > 0 ? z.NEVER : (resolveRetry(input as number | RetryOptions) ?? null)
})
