const STORED = 'proof';

/**
 * What opens the seat for this browser, beside the cookie. It comes in the fragment of the first address and stays in
 * this origin's storage, which no server of another port can read; a new tab finds it there.
 */
export function entryProof(): string | undefined {
  const given = /^#proof=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) history.replaceState(null, '', location.pathname + location.search);
  try {
    if (given !== undefined) localStorage.setItem(STORED, given);
    return given ?? localStorage.getItem(STORED) ?? undefined;
  } catch {
    return given; // The browser keeps nothing for pages: this tab has it until it is reloaded.
  }
}
