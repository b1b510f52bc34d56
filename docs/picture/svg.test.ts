import { describe, expect, it } from 'vitest'
import { renderPicture } from './svg.ts'

const draw = (ansi: string): string => renderPicture(ansi, { title: 'title', description: 'description', columns: 40 })
/** What is drawn below the window's bar. */
const content = (ansi: string): string[] => draw(ansi).split('\n').slice(7, -3)

describe('renderPicture', () => {
  it('places every word by its column, and draws backgrounds, blocks and rules', () => {
    expect(content('\u001b[41m\u001b[1m FAIL \u001b[0m  a b   c\n ──\u001b[2m▁▁▇\u001b[22m').join('\n'))
      .toMatchInlineSnapshot(`
      "<rect x="18" y="52" width="46.8" height="18" rx="2" fill="#f2606a"/>
      <text x="25.8" y="64.96" textLength="31.2" font-weight="700">FAIL</text>
      <text x="80.4" y="64.96" textLength="23.4">a b</text>
      <text x="127.2" y="64.96" textLength="7.8">c</text>
      <rect x="25.8" y="79" width="15.6" height="1"/>
      <rect x="41.4" y="85.75" width="15.6" height="2.25" shape-rendering="crispEdges" opacity="0.58"/>
      <rect x="57" y="72.25" width="7.8" height="15.75" shape-rendering="crispEdges" opacity="0.58"/>"
    `)
  })

  it('escapes text', () => {
    const svg = renderPicture('a < b & "c"', { title: '<t>', description: '"d"', columns: 40 })
    expect(svg).toContain('>a &lt; b &amp; &quot;c&quot;</text>')
    expect(svg).toContain('>&lt;t&gt;</text>')
    expect(svg).toContain('aria-label="&quot;d&quot;"')
  })

  it('needs nothing from elsewhere', () => {
    const svg = draw('text')
    expect(svg.match(/(?:https?:)?\/\/[^"]*/g)).toEqual(['http://www.w3.org/2000/svg'])
    expect(svg).not.toMatch(/<(?:script|image|style|foreignObject)|url\(|@import|href/)
  })

  it('is as high as its lines', () => {
    const heightOf = (svg: string): number => Number(/ height="(\d+)" role/.exec(svg)?.[1])
    expect(heightOf(draw('1\n2\n3\n\n')) - heightOf(draw('1'))).toBe(36)
  })
})
