import { expect, it } from 'vitest'
import { plainPage } from '../fixtures/pages.ts'
import { error } from '../fixtures/result-parts.ts'
import { renderErrors } from './errors.ts'

it('names the trace of the example, by which a tracing system finds the request', () => {
  const row = error('http_5xx', 3, { request: 'GET /x' }, 'answered 500', 'broken')
  const traceId = '76be4f4ea01ede5866b2acb5aee7ce1d'
  const traced = { ...row, ...(row.exemplar && { exemplar: { ...row.exemplar, traceId } }) }
  const text = renderErrors({ errors: [traced] }, plainPage(100)).join('\n')
  expect(text).toContain(`e.g. VU 7, iteration 1,204, trace ${traceId}, answered broken`)
  expect(renderErrors({ errors: [row] }, plainPage(100)).join('\n')).not.toContain('trace')
})
