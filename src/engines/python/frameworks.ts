/** What is measured through Python: a row a framework. */

export interface Framework {
  /** Of the engine and of the package that is imported. */
  readonly name: string;
  /** The oldest release that has all that the worker calls. */
  readonly oldest: readonly [major: number, minor: number];
  /** File of requirements beside the workers: the release that they were tried with, which uv is asked for. */
  readonly requirements: string;
  /** What people type to have it. */
  readonly install: string;
}

export const frameworks = {
  torch: { name: "torch", oldest: [2, 5], requirements: "torch.txt", install: "torch" },
  mlx: {
    name: "mlx",
    oldest: [0, 22],
    requirements: "mlx.txt",
    install: process.platform === "linux" ? "'mlx[cpu]'" : "mlx",
  },
} as const satisfies Record<string, Framework>;

export type FrameworkName = keyof typeof frameworks;

/** The oldest Python that the worker is written for. */
export const oldestPython: readonly [major: number, minor: number] = [3, 10];
