export { ListsStreamed } from './clients/rewrite-searches.js';
export { PartialText } from './clients/rewrite-writes.js';
export type { SpladePlan } from './clients/splade-plan.js';
export { type OfficialClient, withSplade } from './clients/with-splade.js';
export {
  DialectNotSpoken,
  dialectForField,
  dialectForNewField,
  dialectIn,
  dialectsOf,
  NotAVectorField,
} from './dialect/choose-dialect.js';
export type { Dialect, DialectLimits, DialectName, JsonObject, WeightedFeature } from './dialect/dialect.js';
export { type EngineVersion, engineVersion, type Flavour, UnsupportedEngine } from './dialect/engine-version.js';
export {
  ELASTICSEARCH_DEFAULT_PRUNING,
  type EnginePruning,
  prunedByElasticsearch,
} from './dialect/es-sparse-vector.js';
export type { FeatureNames } from './dialect/feature-names.js';
export { JsonText, withTextsRead } from './dialect/json-text.js';
export { keptPassages, PassagesKept, type StoredPassage, type StoredVector } from './dialect/kept-passages.js';
export { type TwoPhaseProcessor, twoPhasePipeline } from './dialect/os-neural-sparse.js';
export { inSteps, largestWeight, osSeismic, type SeismicOptions } from './dialect/os-seismic.js';
export { type SeismicSlots, seismicSlots, TooManyTerms } from './dialect/seismic-slots.js';
export { storedFeatures } from './dialect/stored-features.js';
export type { DeviceChoice } from './encoder/device/start-on-device.js';
export type { Encoded, EncodedPassage, EncodeOptions, Encoder } from './encoder/encoder.js';
export {
  DeviceUnavailable,
  EncoderClosed,
  EncoderCrashed,
  EncoderNotStarted,
  EncoderUnusable,
  EncodingFailed,
  ModelNotCompiled,
  RuntimeMissing,
  WorkersInvalid,
} from './encoder/encoder-faults.js';
export { type LoadOptions, loadEncoder } from './encoder/load-encoder.js';
export type { Passages } from './encoder/passages.js';
export type { Role } from './encoder/role.js';
export type { TokenSpan } from './encoder/token-span.js';
export type { TextToken, TokenizedText } from './encoder/tokenized-text.js';
export { type ConnectOptions, connect } from './engine/connect.js';
export type {
  Engine,
  Hit,
  IndexDescription,
  Outcome,
  PageOptions,
  ReadOptions,
  RequestOptions,
  SearchAnswer,
  Snapshot,
  WireAnswer,
  WireRequest,
  Write,
} from './engine/engine.js';
export {
  AccessDenied,
  AmbiguousIndex,
  ClientMissing,
  EngineRefused,
  EngineUnreachable,
  IndexBlocked,
  IndexExists,
  IndexNotFound,
  IndexUnavailable,
} from './engine/engine-faults.js';
export { NameUnusable } from './engine/index-name.js';
export { AddressUnusable } from './engine/node-addresses.js';
export type { Credentials, Endpoint } from './engine/transport.js';
export { BeirCollection, type CollectionDocument, type Topic } from './evaluate/files/beir-collection.js';
export { EvaluationFileBroken } from './evaluate/files/lines-of.js';
export { formatQrels, readQrels } from './evaluate/files/qrels-file.js';
export { formatRun, readRun } from './evaluate/files/run-file.js';
export { type Evaluation, evaluateRun } from './evaluate/measures/evaluate-run.js';
export type { Qrels, Run, ScoredDocument } from './evaluate/measures/judgements.js';
export type { JudgedRanking, Measure } from './evaluate/measures/measure.js';
export { parseMeasures, UnknownMeasure } from './evaluate/measures/parse-measure.js';
export { judgedOrder, type TieOrder } from './evaluate/measures/trec-order.js';
export { type Comparison, compareSystems } from './evaluate/significance/compare-systems.js';
export { holm } from './evaluate/significance/holm.js';
export {
  type PairedTest,
  type RandomisationOptions,
  randomisationTest,
} from './evaluate/significance/randomisation-test.js';
export type { Compression } from './export/compression.js';
export type { ExportFormat } from './export/export-format.js';
export type { ExportStamp } from './export/export-progress.js';
export { type ExportManifest, type ExportRequest, exportVectors, type VectorOrigin } from './export/export-vectors.js';
export { type FormatName, formatNamed, formats } from './export/formats.js';
export {
  bits,
  featureField,
  parseQuantisation,
  type Quantisation,
  scale,
  unquantised,
} from './export/quantisation.js';
export { fileVectors } from './export/sources/file-vectors.js';
export { importedVectors } from './export/sources/imported-vectors.js';
export { type IndexVectors, indexVectors } from './export/sources/index-vectors.js';
export { type TextVectorOptions, textVectors } from './export/sources/text-vectors.js';
export { type TokenVector, tokenVector } from './export/token-vector.js';
export type { SourcedVector, VectorItem, VectorItemsOptions, VectorSource } from './export/vector-source.js';
export { Fault, type FaultKind } from './fault/fault.js';
export { type Access, createGateway, type Gateway, type GatewayOptions } from './gateway/gateway.js';
export type { GatewayLimits } from './gateway/gateway-context.js';
export { PlanFileBroken, type PlanOverrides, readPlanFile } from './gateway/plan-overrides.js';
export { DEFAULT_RETRY, type RetryPolicy } from './ingest/bulk/backoff.js';
export { EngineSink, type EngineSinkOptions } from './ingest/bulk/engine-sink.js';
export { DeadLetterFile, type DeadLetterFileOptions } from './ingest/dead-letter-file.js';
export type { DeadLetters } from './ingest/dead-letters.js';
export { dumpIndex } from './ingest/dump-index.js';
export {
  type AddVectorsOptions,
  type AddVectorsProgress,
  type AddVectorsResult,
  addVectors,
} from './ingest/in-place/add-vectors.js';
export { type IndexDocumentsOptions, indexDocuments } from './ingest/index-documents.js';
export {
  AliasShowsPart,
  DocumentRefused,
  EngineStaysBusy,
  FieldsUnknown,
  InputUnreadable,
  PlanDiffers,
  RunGone,
} from './ingest/ingest-faults.js';
export type { IngestReport } from './ingest/ingest-report.js';
export { deliver, type IngestOptions, ingest } from './ingest/pipeline.js';
export { type AliasMove, moveAlias, rollBackAlias } from './ingest/reindex/alias.js';
export {
  type ReindexProgress,
  type ReindexResult,
  reindex,
} from './ingest/reindex/reindex.js';
export {
  AliasHasOthers,
  AliasIsIndex,
  CopyNotRight,
  DocumentsFailed,
  FieldsNotInSource,
  FinalPipelineRuns,
  FollowFieldUnfit,
  NothingToRollBack,
  NotTheCopy,
  QueryRefused,
} from './ingest/reindex/reindex-faults.js';
export type { ReindexOptions } from './ingest/reindex/reindex-options.js';
export { RunReplaced, RunUnderWay, SlicesDone } from './ingest/reindex/run-faults.js';
export { type SyncResult, sync } from './ingest/reindex/sync.js';
export type { EncodedDocument, EncodedItem, Settled, Sink } from './ingest/sink.js';
export type { Delivered, Item, Refusal, Source, SourceDocument, SourceItem } from './ingest/source.js';
export { type FileFormat, type FileSource, type FileSourceOptions, fileSource } from './ingest/sources/file-source.js';
export { FieldTaken } from './mapping/field-taken.js';
export { type IndexBody, type MappingOptions, mappingFor } from './mapping/index-body.js';
export { ModelMismatch, mustMatchPlan, mustTakeDocuments } from './mapping/match-plan.js';
export { VectorsExcluded, type VectorsInSource } from './mapping/source-handling.js';
export {
  type ModelStamp,
  NoVectorPlan,
  type PlanParts,
  planFor,
  readVectorPlan,
  type VectorField,
  type VectorPlan,
} from './mapping/vector-plan.js';
export type { HubAccess } from './model/hub-access.js';
export {
  ModelFileBroken,
  ModelFileMissing,
  ModelNotFound,
  ModelSourceFailed,
  ModelUnsupported,
} from './model/model-faults.js';
export type { DeviceName, ModelIdentity } from './model/model-identity.js';
export type { Progress } from './model/progress.js';
export { type Figures, listModels, type NamedModel } from './model/registry.js';
export { BodyTooLarge, InvalidBody, QueryTextTooLong, VectorMissing } from './query/language/body-faults.js';
export { type MatchedTerm, matchedTerms } from './query/matched-terms.js';
export { QueryVectors } from './query/query-vectors.js';
export type { EncodeQueries } from './query/shared-encoding.js';
export { type SparseQuery, type SparseQueryOptions, sparseQuery } from './query/sparse-query.js';
export { type AddOptions, add } from './query/strategies/add.js';
export { type Fusion, fuse, normalisedSum, type RankedDocument, rrf } from './query/strategies/fusion.js';
export { type EngineFusion, type HybridOptions, hybrid, type JoinedBy } from './query/strategies/hybrid.js';
export { HybridLists, type WireSearchAnswer } from './query/strategies/hybrid-lists.js';
export { parseStrategy, UnknownStrategy } from './query/strategies/parse-strategy.js';
export { replace } from './query/strategies/replace.js';
export { type RescoreOptions, rescore } from './query/strategies/rescore.js';
export type { Strategy } from './query/strategies/strategy.js';
export { type TranslateOptions, type Translation, textsIn, translate } from './query/translation/translate.js';
export type { TranslationReport } from './query/translation/translation-report.js';
export {
  DocumentNotFound,
  type ExplainedTerm,
  type Explainer,
  type Explanation,
  explain,
} from './retrieve/explain-score.js';
export { NoSuchVectorField, type OpenedField } from './retrieve/opened-field.js';
export {
  type SparseAnswer,
  type SparseHit,
  SparseIndex,
  type SparseSearchOptions,
} from './retrieve/sparse-index.js';
export { type BuildOptions, buildCeilings, CopiesLag } from './retrieve/two-phase/build-ceilings.js';
export type { Ceilings } from './retrieve/two-phase/ceilings.js';
export type { Certificate, Doubt } from './retrieve/two-phase/certificate.js';
export type { TwoPhaseOptions } from './retrieve/two-phase/search-in-two-phases.js';
export type { EngineName, Sandbox, SandboxOptions } from './sandbox/sandbox.js';
export { startSandbox } from './sandbox/start-sandbox.js';
export { createEncodeService, type EncodeService, type EncodeServiceOptions } from './service/encode-service.js';
export type { OfferedModel } from './service/served-model.js';
export type { ServiceLimits } from './service/service-limits.js';
export { dotProduct, type Product, sharedProducts } from './sparse/dot-product.js';
export { roundToNineBits, truncateToNineBits } from './sparse/precision.js';
export {
  atLeast,
  InvalidPruning,
  inOrder,
  type Pruning,
  parsePruning,
  ratioOfMax,
  shareOfMass,
  topK,
  unpruned,
} from './sparse/pruning.js';
export { InvalidWeight, SparseVector, type Term } from './sparse/sparse-vector.js';
export { UnknownToken, Vocabulary, VocabularyMismatch } from './sparse/vocabulary.js';
export type { Disagreement } from './verify/compare-ranking.js';
export { type ExpectedScore, expectedScore } from './verify/expected-score.js';
export {
  type ReferenceQuery,
  type ReferenceRanking,
  type ReferenceScorer,
  referenceScorer,
  type ScoredDocument as ReferenceDocument,
} from './verify/reference-scorer.js';
export { VectorsNotReadable } from './verify/stored-vectors.js';
export {
  type ExplainedDisagreement,
  type Verification,
  type VerifyOptions,
  type VerifyQuery,
  verify,
} from './verify/verify.js';
