import type { StandardSchemaV1 } from '@standard-schema/spec'
import { readCss, type AllByCssOptions, type CssOptions, type FirstByCssOptions } from './css.ts'
import type { Answer } from './extraction.ts'
import { readJsonPath, type JsonPathOptions } from './json-path.ts'
import { matchText, type GroupsOf, type TextMatch } from './text-match.ts'
import {
  readXPath,
  type AllByXPathOptions,
  type ConditionByXPathOptions,
  type NumberByXPathOptions,
  type TextByXPathOptions,
  type XPathOptions,
} from './xpath.ts'

/**
 * What can be read out of an answer, whether it is there or still awaited. A value that is not there is an error of
 * category `extraction`; what cannot be used, whatever the answer is, is one of category `script`.
 */
export abstract class AnswerReader {
  /** Gives the answer to `take`, once it is there. Async, so that its errors lead to the line that awaits. */
  protected abstract read<Value>(take: (answer: Answer) => Value | Promise<Value>): Promise<Value>

  /**
   * What a JSONPath finds in the answer: the value of a path that can have one only (`$.items[0].id`), an array of all
   * for others (`$.items[*].id`, `$..id`, slices, unions, filters), which may be empty. A schema (any Standard Schema)
   * checks it and gives it a type. Filters and scripts are run with `{ filters: true }` only.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it is not JSON, or has no value at a path of the first kind;
   * `ERR_LOAD_SCHEMA` when what it has does not fit the schema.
   * @example
   * ```ts
   * const token = await http.post('/login', { json: user }).expect(200).jsonPath('$.token', z.string())
   * const cheap = await http.get('/products').jsonPath('$[?(@.price < 10)].id', z.array(z.string()), { filters: true })
   * ```
   */
  jsonPath(path: string, options?: JsonPathOptions): Promise<unknown>
  jsonPath<Schema extends StandardSchemaV1>(
    path: string,
    schema: Schema,
    options?: JsonPathOptions,
  ): Promise<StandardSchemaV1.InferOutput<Schema>>
  jsonPath(path: string, given?: StandardSchemaV1 | JsonPathOptions, more?: JsonPathOptions): Promise<unknown> {
    return this.read((answer) => readJsonPath(answer, path, given, more))
  }

  /**
   * The first match of a regular expression in the answer's text, as `String.match()` gives it. Named groups are in
   * `groups`, by names that are known to the compiler from a text; for a `RegExp` they are named in angle brackets. A
   * named group that took no part in the match is missing.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when nothing matches, or without a named group.
   * @example
   * ```ts
   * const { groups } = await http.get('/form').match('name="csrf" value="(?<csrf>[^"]+)"')
   * const { groups: { id } } = await http.get('/orders').match<'id'>(/order (?<id>\d+)/i)
   * ```
   */
  match<const Pattern extends string>(pattern: Pattern): Promise<TextMatch<GroupsOf<Pattern>>>
  match<Groups extends string = string>(pattern: RegExp): Promise<TextMatch<Groups>>
  match(pattern: string | RegExp): Promise<TextMatch> {
    return this.read((answer) => matchText(answer, pattern))
  }

  /**
   * The text of the first element that a CSS selector finds, or one of its attributes; with `all`, those of all elements.
   * The answer is read as a browser reads HTML, or as XML where its `content-type` says so.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when there is no such element, or attribute.
   * @example
   * ```ts
   * const csrf = await http.get('/form').css('input[name=csrf]', { attribute: 'value' })
   * const links = await http.get('/').css('nav a', { attribute: 'href', all: true })
   * ```
   */
  css(selector: string, options?: FirstByCssOptions): Promise<string>
  css(selector: string, options: AllByCssOptions): Promise<string[]>
  css(selector: string, options?: CssOptions): Promise<string | string[]> {
    return this.read((answer) => readCss(answer, selector, options))
  }

  /**
   * What an XPath 1.0 expression finds in the answer: the text of the first node, with `as` a number or whether there is
   * one, with `all` the texts of all nodes. HTML is read as a browser reads it, its elements by their lower-case names.
   *
   * @throws {LoadError} `ERR_LOAD_EXTRACTION` when it is not XML, or has no such node or number.
   * @example
   * ```ts
   * const id = await http.post('/soap', { body }).xpath('//o:order/@id', { namespaces: { o: 'urn:orders' } })
   * const items = await http.get('/feed.xml').xpath('count(//item)', { as: 'number' })
   * ```
   */
  xpath(expression: string, options?: TextByXPathOptions): Promise<string>
  xpath(expression: string, options: NumberByXPathOptions): Promise<number>
  xpath(expression: string, options: ConditionByXPathOptions): Promise<boolean>
  xpath(expression: string, options: AllByXPathOptions): Promise<string[]>
  xpath(expression: string, options?: XPathOptions): Promise<string | number | boolean | string[]> {
    return this.read((answer) => readXPath(answer, expression, options))
  }
}
