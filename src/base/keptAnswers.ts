/** Answers that took time to get, kept in a folder by their question. A damaged or missing one is asked for again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { digestOf } from "./digest.ts";
import { makeFolder } from "./makeFolder.ts";
import { replaceFile } from "./replaceFile.ts";

const nameDigits = 24;

export class KeptAnswers<Answer> {
  private readonly folder: string;
  private readonly answerSchema: z.ZodType<Answer>;

  constructor(folder: string, answerSchema: z.ZodType<Answer>) {
    this.folder = folder;
    this.answerSchema = answerSchema;
  }

  /** Null where none is kept. */
  read(question: object): Answer | null {
    const kept = z.strictObject({ question: z.unknown(), answer: this.answerSchema });
    try {
      return kept.parse(JSON.parse(readFileSync(this.path(question), "utf8"))).answer;
    } catch {
      return null;
    }
  }

  /** A folder that can't be written costs the next one who asks the same time again, nothing more. */
  async keep(question: object, answer: Answer): Promise<void> {
    try {
      await makeFolder(this.folder);
      await replaceFile(this.path(question), `${JSON.stringify({ question, answer }, null, 2)}\n`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  private path(question: object): string {
    return join(this.folder, `${digestOf(question, nameDigits)}.json`);
  }
}
