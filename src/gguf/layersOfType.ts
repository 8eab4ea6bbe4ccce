/**
 * The layers of a model by llama.cpp's words for it (`qwen2 14B`): llama.cpp names a model's size by its architecture and
 * its number of layers, so that the name tells the number.
 *
 * Source: load_arch_hparams of each architecture and llm_type_name (src/models/*.cpp, src/llama-model.cpp, llama.cpp v0.4.0).
 * What one name stands for several numbers of is left out, as is what is named by something else than its layers; the
 * layers of Llama 4 are those of its published config.json.
 */
const layers: Readonly<Record<string, string>> = {
  afmoe: "6B:56 26B:32",
  apertus: "8B:32",
  arcee: "4B:36",
  arctic: "10B+128x3.66B:35",
  arwkv7: "190M:12 450M:24 2.9B:32 14B:61",
  baichuan: "7B:32 13B:40",
  bailingmoe: "16B:28 290B:88",
  bailingmoe2: "16B.A1B:20 100B.A6B:32",
  bailingmoe3: "7.9B.A1.3B:24 124B.A5.1B:42",
  bert: "17M:3 22M:6 33M:12 109M:12 335M:24",
  bitnet: "3B:26",
  bloom: "1B:24 3B:30 7B:30",
  chameleon: "7B:32 34B:48",
  chatglm: "1.5B:28 6B:28 4B:40 9B:40",
  codeshell: "7B:42",
  cogvlm: "13B:32",
  cohere2: "8B:32",
  cohere2moe: "30B.A3B:49",
  "command-r": "35B:40",
  dbrx: "16x12B:40",
  deci: "7B:32 70B:80 405B:162",
  deepseek2: "16B:27 30B.A3B:47 236B:60 671B:61",
  "deepseek2-ocr": "3B:12",
  deepseek32: "685B.A37B:61",
  dots1: "142B:62",
  dots3note: "288B.A19B:46",
  dream: "7B:28",
  ernie4_5: "0.3B:18 21B.A3B:28 300B.A47B:54",
  exaone: "8B:32",
  "exaone-moe": "30B.A3B:32 235B.A22B:48",
  exaone4: "1.2B:30 32B:64",
  falcon: "7B:32 40B:60",
  "falcon-h1": "0.5B:36 1.5B:24 1B:66 3B:32 7B:44 34B:72",
  gemma: "2B:18 7B:28",
  "gemma-embedding": "0.3B:24",
  gemma2: "2B:26 9B:42 27B:46",
  gemma3: "270M:18 1B:26 8B:32 4B:34 12B:48 27B:62",
  gemma3n: "E2B:30 E4B:35",
  gemma4: "26B.A4B:30 E2B:35 E4B:42 31B:60",
  "glm-dsa": "744B.A40B:78",
  glm4: "1B:17 9B:40 32B:61",
  glm4moe: "106B.A12B:46 102B.A12B:48 355B.A32B:92",
  "gpt-oss": "20B:24 120B:36",
  gpt2: "0.1B:12 0.4B:24 0.8B:36 1.5B:48",
  gptneox: "14M:6 70M:6 160M:12 1B:16 410M:24 1.4B:24 2.8B:32 6.9B:32 12B:36 20B:44",
  graniteswitch: "8B:40 3B:40 30B:64",
  grok: "314B:64",
  grovemoe: "30B.A3B:48",
  "hunyuan-moe": "A13B:32",
  hy_v3: "30B.A3B:48",
  internlm2: "7B:32 20B:48",
  jais: "1.3B:24 13B:40",
  jais2: "8B:32 70B:68",
  "jina-bert-v2": "33M:4 137M:12",
  "jina-bert-v3": "558M:24",
  "kimi-k3": "2.8T.A50B:93",
  "kimi-linear": "48B.A3B:27",
  laguna: "30B.A3B:40 118B.A8B:48 230B.A10B:70",
  lfm2moe: "8B.A1B:24 24B.A2B:40",
  llada: "8B:32",
  "llada-moe": "A1.7B:16",
  llama: "8x7B:32 8x22B:56 256M:30 7B:32 13B:40 34B:48 30B:60 65B:80 70B:80",
  llama4: "17Bx16E:48 17Bx128E:48",
  maincoder: "1B:32",
  mamba: "0.1B:24 0.4B:48 0.8B:48 1.5B:48 3B:64",
  mamba2: "0.1B:24 0.4B:48 0.8B:48 1.5B:48 3B:64 7B:64",
  mellum: "12B.A2.5B:28",
  mimo2: "310B.A15B:48",
  minicpm: "1B:52 2B:40",
  minicpm3: "4B:62",
  "minimax-01": "456B:80",
  "minimax-m2": "230B.A10B:62",
  "minimax-m3": "428B.A23B:60",
  mistral3: "3B:26 8B:34 14B:40",
  "modern-bert": "47M:12 149M:22 395M:28",
  mpt: "7B:32 30B:48",
  "muse-glimmer": "30B:52",
  nemotron: "4B:32",
  nemotron_h: "31B.A3.5B:52 9B:56 75B.A9B:88 120B.A12B:88",
  olmo: "1B:22 7B:32 70B:80",
  olmo2: "1B:16 7B:32 13B:40 32B:64",
  olmoe: "A1.7B:16",
  openelm: "270M:16 450M:20 1B:28 3B:36",
  orion: "14B:40",
  "pangu-embedded": "1B:26 7B:34",
  phi2: "1B:24 3B:32",
  phi3: "1B:24 3B:32 14B:40",
  phimoe: "16x3.8B:32",
  plamo: "13B:40",
  plamo2: "1B:16 2B:32 8B:32",
  plamo3: "2B:24",
  plm: "1.8B:32",
  pockettts: "109M:6 335M:24",
  qwen: "7B:32 13B:40",
  qwen2: "0.5B:24 1B:24 1.5B:28 3B:36 4B:40 13B:40 14B:48 32B:64 70B:80",
  qwen2moe: "A2.7B:24 57B.A14B:28",
  qwen3: "0.6B:28 1.7B:28 4B:36 8B:36 14B:40 32B:64",
  qwen35: "0.8B:24 2B:24 4B:32 9B:32 27B:64",
  qwen35moe: "35B.A3B:40 122B.A10B:48 397B.A17B:60",
  qwen3moe: "30B.A3B:48 235B.A22B:94",
  qwen3next: "80B.A3B:48",
  qwen3vl: "1.7B:28 4B:36 8B:36 32B:64",
  qwen3vlmoe: "30B.A3B:48 235B.A22B:94",
  qwen4exp: "A3B:48",
  refact: "1B:32",
  rnd1: "30B.A3B:48",
  rwkv6: "1.6B:24 3B:32 7B:32 14B:61 32B:64",
  rwkv6qwen2: "1.6B:24 3B:32 7B:32 14B:61 32B:64",
  rwkv7: "190M:12 450M:24 2.9B:32 14B:61",
  seed_oss: "36B:64",
  smallthinker: "4B:32 20B:52",
  smollm3: "3B:36",
  stablelm: "1B:24 3B:32 12B:40",
  starcoder: "1B:24 3B:36 7B:42 15B:40",
  starcoder2: "3B:30 7B:32 15B:40 20B:52 34B:88",
  step35: "196B.A11B:45",
  t5: "60M:6 80M:8 220M:12 250M:12 770M:24 780M:24 3B:24 11B:24",
  talkie: "13B:40",
  xverse: "7B:32 13B:40 65B:80",
};

/** One name, several models, told apart by their parameters: as their config.json and weights on huggingface.co have them. */
const byParameters: readonly {
  readonly type: string;
  readonly parameters: number;
  readonly layers: number;
}[] = [
  { type: "llama 1b", parameters: 1.24e9, layers: 16 }, // Llama 3.2 1B
  { type: "llama 1b", parameters: 1.1e9, layers: 22 }, // TinyLlama 1.1B
  { type: "llama 3b", parameters: 3.21e9, layers: 28 }, // Llama 3.2 3B
  { type: "llama 3b", parameters: 3.43e9, layers: 26 }, // OpenLLaMA 3B
  { type: "llama 8b", parameters: 8.03e9, layers: 32 }, // Llama 3 8B
  { type: "llama 8b", parameters: 8.05e9, layers: 36 }, // Granite 8B Code
  { type: "qwen2 7b", parameters: 7.62e9, layers: 28 }, // Qwen2.5 7B
  { type: "qwen2 7b", parameters: 7.72e9, layers: 32 }, // Qwen1.5 7B
  { type: "granite 8b", parameters: 8.17e9, layers: 40 }, // Granite 3 8B
];

/** To the two decimals that the list has. */
const halfStep = 5e6;

let numbers: ReadonlyMap<string, number> | undefined;

function numbersByType(): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(layers).flatMap(([architecture, sizes]) =>
      sizes.split(" ").map((entry) => {
        const [size = "", number] = entry.split(":");
        return [`${architecture} ${size}`.toLowerCase(), Number(number)] as const;
      }),
    ),
  );
}

/** Null where the words don't tell; the output layer isn't counted. */
export function layersOfType(
  architecture: string,
  size: string,
  parameters: number | null,
): number | null {
  numbers ??= numbersByType();
  const type = `${architecture} ${size}`.toLowerCase();
  const known = numbers.get(type);
  if (known !== undefined || parameters === null) return known ?? null;
  const published = byParameters.find(
    (model) => model.type === type && Math.abs(model.parameters - parameters) <= halfStep,
  );
  return published?.layers ?? null;
}
