// The order of words.

/** The order of words, in which run 10 comes after run 9. */
export const inWords = new Intl.Collator(undefined, { numeric: true });
