import { expect, it } from 'vitest'
import { json, startServer } from './counting-server.ts'
import { createProject } from './project.ts'

const specs = {
  'a.spec.ts': `
    import { expect } from 'vitest'
    import { http, scenario } from 'vitest-load'
    const load = { vus: 2, iterationsPerVU: 500 }
    const visit = async () => (await http.get('/').expect(200)).json()
    scenario('snapshot', { load }, async () => { expect(await visit()).toMatchSnapshot() })
    scenario('inline snapshot', { load }, async () => { expect(await visit()).toMatchInlineSnapshot() })
    scenario('file snapshot', { load }, async () => { await expect(String(await visit())).toMatchFileSnapshot('./never.txt') })
    scenario('thrown snapshot', { load }, () => { expect(() => { throw new Error('x') }).toThrowErrorMatchingSnapshot() })
    scenario('soft', { load }, async () => { expect.soft(await visit()).toEqual({ other: true }) })
    scenario('assertions', { load }, async () => { expect.assertions(1); await visit() })
    scenario('has assertions', { load }, async () => { expect.hasAssertions(); await visit() })
    scenario('the rest', { load }, async () => {
      const body = await visit()
      expect(body).toEqual({ ok: expect.any(Boolean) })
      expect(body).not.toMatchObject({ other: true })
      await expect(Promise.resolve(1)).resolves.toBe(1)
      await expect.poll(() => 1).toBe(1)
    })
  `,
  'b.spec.ts': `
    import { vi } from 'vitest'
    import { http, scenario } from 'vitest-load'
    scenario('never runs', { load: { iterations: 1 } }, async () => { await http.get('/faked') })
    vi.useFakeTimers()
  `,
}

it('ends a load at once whose body does what cannot work under load', async () => {
  const server = await startServer((_request, response) => json(response, { ok: true }))
  const project = await createProject(specs, { load: `baseUrl: '${server.url}', threads: 2,`, functional: '' })
  const { exitCode, stderr, results, tests } = await project.vitest(['run', '--project', 'load'])
  expect(exitCode).toBe(1)
  const told = [...tests].map(([name, { messages, status }]) => [
    name,
    messages[0]?.split('\n').at(1)?.trim() ?? status,
  ])
  expect(Object.fromEntries(told)).toMatchInlineSnapshot(`
    {
      "assertions load": "- expect.assertions() does not work under load. All iterations are one test to Vitest, which counts assertions per test. Leave it out.",
      "file snapshot load": "- .toMatchFileSnapshot() does not work under load. Iterations differ, and would all write the same snapshot. Compare with toEqual() or a schema.",
      "has assertions load": "- expect.hasAssertions() does not work under load. All iterations are one test to Vitest, which counts assertions per test. Leave it out.",
      "inline snapshot load": "- .toMatchInlineSnapshot() does not work under load. Iterations differ, and would all write the same snapshot. Compare with toEqual() or a schema.",
      "snapshot load": "- .toMatchSnapshot() does not work under load. Iterations differ, and would all write the same snapshot. Compare with toEqual() or a schema.",
      "soft load": "- expect.soft() does not work under load. Use check('name', condition) to count without ending the iteration, or expect() to end it.",
      "the rest load": "passed",
      "thrown snapshot load": "- .toThrowErrorMatchingSnapshot() does not work under load. Iterations differ, and would all write the same snapshot. Compare with toEqual() or a schema.",
    }
  `)
  for (const [name, { iterations }] of results) {
    if (name === 'the rest') expect(iterations).toMatchObject({ ok: 1000, failed: 0 })
    else
      expect([name, iterations.ok, iterations.started]).toEqual([
        name,
        0,
        expect.toSatisfy((count: number) => count < 500),
      ])
  }
  expect(stderr).toContain('vi.useFakeTimers() does not work under load.')
  expect(server.requests.has('GET /faked')).toBe(false)
})
