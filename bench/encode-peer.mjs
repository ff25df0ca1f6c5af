// The peers of encode.ts that run on Node, termweave among them, each in a process of its own: encode-peer.mjs PEER FOLDER EXPORT THREADS MAX_TOKENS MODULES.
// One JSON line in, one out, until stdin ends.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const [name, folder, exported, threads, maxTokens, modules] = process.argv.slice(2);
/** Packages that are no part of the project lie in a folder of their own. */
const theirs = createRequire(resolve(modules || '.', 'package.json'));

const PEERS = {
  'termweave-float32': () => termweave('float32'),
  'termweave-int8': () => termweave('int8'),
  'transformers-js': transformersJs,
  'fastembed-js': fastembedJs,
};

async function termweave(precision) {
  const { loadEncoder } = await import('../dist/encoder/load-encoder.js');
  const home = process.env.TERMWEAVE_HOME;
  const encoder = await loadEncoder(folder, {
    home,
    workers: Number(threads),
    maxTokens: Number(maxTokens),
    precision,
  });
  const weightOf = ({ vector }) => vector.weights.reduce((sum, weight) => sum + weight, 0);
  const one = async ([text]) => weightOf((await encoder.encode([text], { as: 'query' }))[0]);
  const all = async (texts) => {
    let total = 0;
    for await (const encoded of encoder.encodeStream(texts)) total += weightOf(encoded);
    return total;
  };
  const encode = (texts) => (texts.length === 1 ? one(texts) : all(texts));
  return { encode, version: 'this', close: () => encoder[Symbol.asyncDispose]() };
}

async function transformersJs() {
  const { AutoModelForMaskedLM, AutoTokenizer, env } = theirs('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.localModelPath = '';
  const tokenizer = await AutoTokenizer.from_pretrained(exported);
  const session_options = { intraOpNumThreads: Number(threads), interOpNumThreads: 1 };
  const model = await AutoModelForMaskedLM.from_pretrained(exported, { dtype: 'fp32', session_options });
  const encode = async (texts, batch) => {
    let total = 0;
    for (let start = 0; start < texts.length; start += batch) {
      const options = { padding: true, truncation: true, max_length: Number(maxTokens) };
      const inputs = await tokenizer(texts.slice(start, start + batch), options);
      const { logits } = await model(inputs);
      total += weightOfLogits(logits.data, inputs.attention_mask.data, logits.dims);
    }
    return total;
  };
  return { encode, version: env.version };
}

/** log(1 + relu) of the largest logit of each entry over a text's tokens, summed. */
function weightOfLogits(logits, mask, [texts, length, vocabulary]) {
  let total = 0;
  for (let text = 0; text < texts; text++) {
    const most = new Float32Array(vocabulary);
    for (let token = text * length; token < (text + 1) * length; token++) {
      if (Number(mask[token]) === 0) continue;
      const row = token * vocabulary;
      for (let id = 0; id < vocabulary; id++) if (logits[row + id] > most[id]) most[id] = logits[row + id];
    }
    for (const logit of most) if (logit > 0) total += Math.log1p(logit);
  }
  return total;
}

/** Its session takes no number of threads: onnxruntime's own default is one for each core. */
async function fastembedJs() {
  const { SparseEmbeddingModel, SparseTextEmbedding } = theirs('fastembed');
  const encoder = await SparseTextEmbedding.init({
    model: SparseEmbeddingModel.CUSTOM,
    modelAbsoluteDirPath: exported,
    modelName: 'fastembed.onnx',
    maxLength: Number(maxTokens),
  });
  const encode = async (texts, batch) => {
    let total = 0;
    for await (const vectors of encoder.passageEmbed(texts, batch)) {
      for (const { values } of vectors) for (const weight of values) total += weight;
    }
    return total;
  };
  return { encode, version: '2.1' };
}

const { encode, version, close } = await PEERS[name]();
for await (const line of createInterface({ input: process.stdin })) {
  const { texts, each, batch } = JSON.parse(line);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const times = [];
  let weight = 0;
  if (each) {
    for (const text of texts) {
      const begun = performance.now();
      weight += await encode([text], 1);
      times.push(performance.now() - begun);
    }
  } else weight = await encode(texts, batch);
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - start) / 1000;
  const peak_mb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, times, peak_mb, weight, version }));
}
await close?.();
