export { csv } from './data/csv.ts'
export { generated } from './data/generated.ts'
export { json } from './data/json.ts'
export { rows } from './data/rows.ts'
export { streamed } from './data/streamed.ts'
export { capacity, expectCapacity } from './dsl/capacity.ts'
export { check } from './dsl/check.ts'
export { mix } from './dsl/mix.ts'
export { loadTest, scenario } from './dsl/scenario.ts'
export { expectChecks, expectErrorRate, expectLatency, expectThroughput } from './dsl/slo.ts'
export { step } from './dsl/step.ts'
export { think } from './dsl/think.ts'
export { run, vu } from './dsl/vu.ts'
export { http } from './http/http.ts'
export { spike } from './options/spike.ts'
export { stairs } from './options/stairs.ts'
export { session } from './session/values.ts'
export { LoadError, loadErrorCodes } from './shared/errors.ts'

export type { CsvOptions } from './data/csv.ts'
export type { Feeder, FeederRun, RowKey } from './data/feeder.ts'
export type { DataFile } from './data/file-feeder.ts'
export type { RowContext } from './data/generated.ts'
export type { JsonOptions } from './data/json.ts'
export type { PickOptions, RowPick, RowsEnd } from './data/pick.ts'
export type { SourceContext, StreamedOptions } from './data/streamed.ts'
export type {
  CapacityAPI,
  CapacityBounds,
  CapacityFunction,
  CapacityHandle,
  CapacityOptions,
} from './dsl/capacity-types.ts'
export type { LabelledHandle, ScenarioHandle, SloTargetHandle } from './dsl/handle.ts'
export type { MixAPI, MixFunction, MixOptions } from './dsl/mix.ts'
export type {
  BodyContext,
  Feeders,
  HookContext,
  RowsOf,
  ScenarioAPI,
  ScenarioBody,
  ScenarioForFunction,
  ScenarioFunction,
  ScenarioOptions,
} from './dsl/scenario-types.ts'
export type { LatencyFigures, LatencyOptions, SloBounds } from './dsl/slo.ts'
export type { Run, VU } from './dsl/vu.ts'
export type { AllOptions, RequestTask, RequestTasks, TaskResults } from './http/all.ts'
export type { HttpCookies } from './http/cookies.ts'
export type { CssOptions } from './http/css.ts'
export type { Expectation } from './http/expectation.ts'
export type { ExpectedAnswer, ExpectedHeader } from './http/expected-answer.ts'
export type { ExpectedStatus, StatusClass, StatusRange } from './http/expected-status.ts'
export type { Http } from './http/http.ts'
export type { HttpResponse } from './http/http-response.ts'
export type { JsonPathOptions } from './http/json-path.ts'
export type { PendingRequest } from './http/pending-request.ts'
export type { BodySource } from './http/body-source.ts'
export type { Compression } from './http/compression.ts'
export type { MultipartFields, MultipartFile, MultipartValue } from './http/multipart.ts'
export type { FollowedRedirect } from './http/redirect-history.ts'
export type { RequestOptions } from './http/request-options.ts'
export type { ServerSentEvent } from './http/server-sent-events.ts'
export type { BodyReader } from './http/stream-reading.ts'
export type { TextMatch } from './http/text-match.ts'
export type { XPathOptions } from './http/xpath.ts'
export type { TimeoutOptions } from './http/request-timeouts.ts'
export type { RateStageOptions } from './options/arrival-rate-shapes.ts'
export type { CapacitySearchOptions, CapacitySloOptions } from './options/capacity-options.ts'
export type { DelayOptions } from './options/delay-options.ts'
export type { RequestLabelFilter } from './options/label-options.ts'
export type { LoadOptions, VUStageOptions } from './options/load-shapes.ts'
export type { SpikeLevels, SpikeOptions, SpikeTiming } from './options/spike.ts'
export type { StairsLevels, StairsOptions, StairsTiming } from './options/stairs.ts'
export type { ImplicitSloOptions } from './options/scenario-options.ts'
export type { AbortOptions, SloAbortOptions, SloOptions } from './options/slo-options.ts'
export type { CapacityExpectation, CapacityLevel, CapacityResult } from './results/capacity-result.ts'
export type { RunResult, RunSummary } from './results/run-result.ts'
export type { SessionValue } from './session/values.ts'
export type { Duration } from './shared/durations.ts'
export type { ErrorCategory } from './shared/error-category.ts'
export type { LoadErrorCode } from './shared/errors.ts'
export type { RetryableError, RetryOptions } from './shared/retry.ts'
export type { Rate, Ratio } from './shared/rates.ts'
