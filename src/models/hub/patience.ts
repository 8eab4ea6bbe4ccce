/** How long a download puts up with a bad connection. */

export interface Patience {
  /** Connections in a row that bring nothing, or crawl, before a download fails. */
  readonly fruitless: number;
  /** Pause after the first of them, in milliseconds; each next one is twice as long. */
  readonly firstPauseMs: number;
  /** A connection that brings fewer bytes in this time is given up for a new one, as by curl's --speed-limit. */
  readonly crawlBytes: number;
  readonly crawlMs: number;
  /** Downloads from the beginning, of a server that gives no parts. */
  readonly beginnings: number;
}

export const usualPatience: Patience = {
  fruitless: 6,
  firstPauseMs: 500,
  crawlBytes: 30 * 1024,
  crawlMs: 30_000,
  beginnings: 3,
};
