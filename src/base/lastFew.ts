/** What was kept last. Cases of a sweep take turns: a model and a workload come back after a few others. */
const mostKept = 4;

export class LastFew<Item> {
  readonly #items: Item[] = [];
  #oldest = 0;

  get items(): readonly Item[] {
    return this.#items;
  }

  /** In the place of the oldest, where there are enough. */
  keep(item: Item): Item {
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % mostKept;
    return item;
  }
}
