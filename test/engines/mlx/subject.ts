import { mlx } from "../../../src/engines/mlx/row.ts";
import { trainingSubject } from "../python/trainingSubject.ts";

export const subject = trainingSubject("mlx", mlx);
