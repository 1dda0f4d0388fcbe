/** A value read from a text, or why it could not be. */
export type Parsed<T> =
  | { readonly value: T; readonly problem: null }
  | { readonly value: null; readonly problem: string; readonly hint: string };
