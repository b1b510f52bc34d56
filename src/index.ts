export { rows } from './data/rows.ts'
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
export { LoadError, loadErrorCodes } from './shared/errors.ts'

export type { Feeder, RowKey, RowPick } from './data/rows.ts'
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
export type { Http } from './http/http.ts'
export type { HttpResponse } from './http/http-response.ts'
export type { PendingRequest } from './http/pending-request.ts'
export type { BodySource } from './http/body-source.ts'
export type { Compression } from './http/compression.ts'
export type { MultipartFields, MultipartFile, MultipartValue } from './http/multipart.ts'
export type { FollowedRedirect } from './http/redirect-history.ts'
export type { RequestOptions } from './http/request-options.ts'
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
export type { Duration } from './shared/durations.ts'
export type { ErrorCategory } from './shared/error-category.ts'
export type { LoadErrorCode } from './shared/errors.ts'
export type { Rate, Ratio } from './shared/rates.ts'
