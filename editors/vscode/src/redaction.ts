const HIDDEN = "***";

/** *text* without *secrets*, as they are and as JSON has them. */
export function hidden(text: string, secrets: Iterable<string>): string {
  const forms = [...secrets].flatMap((it) => [it, JSON.stringify(it).slice(1, -1)]);
  // The longest first: one may contain another.
  return forms
    .filter((it) => it !== "")
    .sort((one, other) => other.length - one.length)
    .reduce((rest, it) => rest.replaceAll(it, HIDDEN), text);
}
