import type { LibraryHandle } from "koffi";

/** Binds a C prototype to a TypeScript signature; that the two agree is checked nowhere but here. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a cast at each call would hide the prototype
export function bind<Signature>(library: LibraryHandle, prototype: string): Signature {
  return library.func(prototype) as unknown as Signature;
}
