/** What is wrong with a header, in words that follow the file's name. */
export class MalformedHeader extends Error {
  override readonly name = "MalformedHeader";
}
