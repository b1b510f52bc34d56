/**
 * The one taxonomy of failures, over all protocols. `generator` is ours (file handles, ports, memory): it is
 * never charged to the target. `script` is the scenario body's own exception, `aborted` is work that we cut.
 */
export const errorCategories = [
  'dns',
  'connect',
  'tls',
  'reset',
  'timeout',
  'protocol',
  'http_4xx',
  'http_5xx',
  'unexpected_status',
  'extraction',
  'schema',
  'check',
  'assertion',
  'script',
  'aborted',
  'dropped',
  'generator',
] as const

/** One kind of failure; see `errorCategories`. */
export type ErrorCategory = (typeof errorCategories)[number]
