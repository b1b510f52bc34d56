export { LoadReporter } from './load-reporter.ts'
export type { LoadReporterOptions } from './load-reporter.ts'
