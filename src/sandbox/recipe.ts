import { join } from 'node:path';
import type { EngineName } from './sandbox.js';

/** How one version of an engine is had from its own Maven artifacts, and started. */
export interface Recipe {
  readonly engine: EngineName;
  readonly version: string;
  /** Tells recipes of one version apart: `3.6.0+ml` is version 3.6.0 with flavour `ml`. */
  readonly flavour?: string;
  /** What is on board, for a person. */
  readonly has: string;
  /** Java feature releases that it was run with, or that its makers support. */
  readonly java: { readonly from: number; readonly to: number };
  /** A build file in `recipes/` and its properties. */
  readonly build: { readonly pom: string; readonly properties: Readonly<Record<string, string>> };
  /** Classes in `recipes/`, compiled together with `Launch.java`; the last is the main class. */
  readonly launcher: readonly [...string[], string];
  /** The jars to compile and to run with, below the engine's folder. */
  readonly jars: string;
  /** The unpacked distribution below the engine's folder, where there is one. */
  readonly distribution?: string;
  /** JVM arguments; `jars` is the absolute folder of {@link Recipe.jars}. */
  readonly jvm: (jars: string) => readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** The setting that lists the nodes which elect the first leader. */
  readonly firstLeaders: string;
}

/** The name of a recipe's folder below `home/engines`. */
export function recipeName({ engine, version, flavour }: Recipe): string {
  return `${engine}-${version}${flavour === undefined ? '' : `+${flavour}`}`;
}

const onClassPath = (jars: string) => ['-cp', join(jars, '*')];

/** The incubating vector API serves Lucene's dot products; the rest keeps the JVM from warning. */
const withVectors = ['--add-modules=jdk.incubator.vector', '--enable-native-access=ALL-UNNAMED'];

const NETTY = { 'transport.type': 'netty4', 'http.type': 'netty4' };

const opensearchJars = {
  engine: 'opensearch',
  has: 'rank_features, painless, reindex, point in time, analyzers; no neural, hybrid or RRF',
  jars: 'lib',
  settings: NETTY,
  firstLeaders: 'cluster.initial_cluster_manager_nodes',
} as const;

/** OpenSearch 3.6.0 is the newest whose k-NN and neural-search plug-ins are published beside it. */
const opensearchZip = {
  engine: 'opensearch',
  version: '3.6.0',
  java: { from: 21, to: 25 },
  launcher: ['OpenSearchZip'],
  jars: 'opensearch-3.6.0/lib',
  distribution: 'opensearch-3.6.0',
  jvm: (jars: string) => [
    ...withVectors,
    '--add-opens=java.base/java.nio=ALL-UNNAMED',
    '-Dio.netty.noUnsafe=true',
    ...onClassPath(jars),
  ],
  settings: {},
  firstLeaders: 'cluster.initial_cluster_manager_nodes',
} as const;

const elasticsearchZip = {
  engine: 'elasticsearch',
  has: 'sparse_vector field and query, point in time; no rank_features, reindex, english, painless or GET /',
  java: { from: 25, to: 25 },
  build: { pom: 'elasticsearch-zip.pom.xml', properties: {} },
  settings: { 'xpack.security.enabled': 'false' },
  firstLeaders: 'cluster.initial_master_nodes',
} as const;

/** Modules to resolve and to open, as the distribution's own start script does (server on the module path). */
const onModulePath = (jars: string) => [
  '--add-modules=jdk.incubator.vector,jdk.net,jdk.management.agent,ALL-MODULE-PATH',
  '--enable-native-access=ALL-UNNAMED,org.elasticsearch.nativeaccess,org.apache.lucene.core',
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  ...['codecs.lucene99', 'codecs.hnsw', 'internal.vectorization'].map(
    (name) => `--add-opens=org.apache.lucene.core/org.apache.lucene.${name}=org.elasticsearch.server`,
  ),
  '-Dio.netty.noUnsafe=true',
  '--module-path',
  jars,
];

/** Every engine that can be had without a container; the first of an engine is its default. */
export const recipes: readonly Recipe[] = [
  {
    ...opensearchJars,
    version: '3.8.0',
    java: { from: 21, to: 25 },
    build: { pom: 'opensearch-jars.pom.xml', properties: { 'log4j.version': '2.25.4' } },
    launcher: ['OpenSearch3Jars'],
    jvm: (jars) => [...withVectors, '--add-opens=java.base/java.nio=ALL-UNNAMED', ...onClassPath(jars)],
  },
  {
    ...opensearchZip,
    has: 'rank_features, neural_sparse with raw tokens, SEISMIC, hybrid and RRF by search pipeline',
    build: { pom: 'opensearch-zip.pom.xml', properties: {} },
  },
  {
    ...opensearchZip,
    flavour: 'ml',
    has: 'the same and ml-commons: remote connectors, sparse_encoding, neural_sparse by text',
    build: { pom: 'opensearch-zip.pom.xml', properties: { 'with.ml': 'true' } },
  },
  {
    ...opensearchJars,
    version: '2.19.5',
    java: { from: 17, to: 21 },
    build: { pom: 'opensearch-jars.pom.xml', properties: { 'log4j.version': '2.25.3' } },
    launcher: ['OpenSearch2Jars'],
    jvm: onClassPath,
  },
  {
    ...elasticsearchZip,
    version: '9.5.3',
    launcher: ['ElasticsearchZip', 'Elasticsearch9Zip'],
    jars: 'elasticsearch-9.5.3/lib',
    distribution: 'elasticsearch-9.5.3',
    jvm: onModulePath,
  },
  {
    ...elasticsearchZip,
    version: '8.19.21',
    launcher: ['ElasticsearchZip', 'Elasticsearch8Zip'],
    jars: 'elasticsearch-8.19.21/lib',
    distribution: 'elasticsearch-8.19.21',
    jvm: onModulePath,
  },
  {
    engine: 'elasticsearch',
    version: '7.17.29',
    has: 'rank_features, reindex, point in time, the english analyzer',
    java: { from: 17, to: 21 },
    build: { pom: 'elasticsearch-jars.pom.xml', properties: {} },
    launcher: ['Elasticsearch7Jars'],
    jars: 'lib',
    jvm: onClassPath,
    settings: NETTY,
    firstLeaders: 'cluster.initial_master_nodes',
  },
];
