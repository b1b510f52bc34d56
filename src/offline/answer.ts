import { isPassthroughResponse, type RequestHandler } from 'msw'

/** What MSW handlers make of a request: nobody handles it, the network shall, or a response. */
export type Answer = 'unhandled' | 'passthrough' | Response

let requests = 0

/**
 * Asks handlers for their answer, as MSW does: the first response wins; a handler that matches and returns nothing
 * leaves the request to the network. MSW's `getResponse()` does not tell that from a request nobody handles.
 *
 * @param baseUrl - what relative paths of handlers are resolved against.
 * @throws whatever a handler throws that is no `Response`.
 */
export async function answerOf(
  handlers: readonly RequestHandler[],
  request: Request,
  baseUrl: string | undefined,
): Promise<Answer> {
  const requestId = String((requests += 1))
  const resolutionContext = baseUrl === undefined ? { quiet: true } : { quiet: true, baseUrl }
  let answer: Answer = 'unhandled'
  for (const handler of handlers) {
    const result = await handler.run({ request, requestId, resolutionContext })
    if (result === null) continue
    answer = result.response ?? 'passthrough'
    if (result.response !== undefined) break
  }
  return typeof answer === 'object' && isPassthroughResponse(answer) ? 'passthrough' : answer
}
