/** Settings of node-llama-cpp must not choose another build than we did; a crash should not start a debugger. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("NODE_LLAMA_CPP_"));
  return { ...Object.fromEntries(kept), GGML_NO_BACKTRACE: "1" };
}
