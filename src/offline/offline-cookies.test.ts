import { http as mock, HttpResponse } from 'msw'
import { expect, it } from 'vitest'
import { http } from '../http/http.ts'
import { createOfflineVisitor } from './fixtures/offline-visitor.ts'

it('takes cookies over redirects across subdomains, to where they belong only', async () => {
  const seen: [url: string, cookie: string][] = []
  const visitor = createOfflineVisitor(
    [
      mock.get('https://*', ({ request }) => {
        const { hostname, pathname } = new URL(request.url)
        seen.push([hostname + pathname, request.headers.get('cookie') ?? ''])
        if (pathname === '/account') return redirect('https://login.shop.test/sso', ['back=account; Path=/'])
        if (pathname === '/sso')
          return redirect('https://shop.test/done', ['sso=1; Path=/', 'sid=2; Domain=shop.test; Path=/; Secure'])
        return HttpResponse.json({})
      }),
    ],
    { baseUrl: 'https://shop.test', targets: ['https://login.shop.test', 'https://cdn.test'] },
  )
  await visitor.run(async () => {
    await http.get('/account').expect(200)
    await http.get('https://login.shop.test/again')
    await http.get('https://cdn.test/logo')
    expect(http.cookies.get('sid', 'https://login.shop.test/')).toBe('2')
  })
  expect(seen).toEqual([
    ['shop.test/account', ''],
    ['login.shop.test/sso', ''],
    ['shop.test/done', 'back=account; sid=2'],
    ['login.shop.test/again', 'sso=1; sid=2'],
    ['cdn.test/logo', ''],
  ])
})

function redirect(location: string, cookies: readonly string[]): HttpResponse<null> {
  const headers = new Headers({ location })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new HttpResponse(null, { status: 302, headers })
}
