/** What a child is told of other machines that take part. */
export interface ServerList {
  /** The RPC backend's file. */
  readonly library: string;
  /** `192.168.1.7:50052`, in the order in which llama.cpp numbers their devices. */
  readonly endpoints: readonly string[];
}
