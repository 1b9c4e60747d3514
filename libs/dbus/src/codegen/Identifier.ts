/** What TypeScript does not take as a parameter's name in a module. */
const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield context options`.split(/\s+/),
);

/** Names of arguments as a parameter list can have them: each another, none a word of the language's. */
export function parameterNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    let identifier = camelCase(name.replaceAll(/\W+/g, '_'));
    if (identifier === '' || /^\d/.test(identifier)) identifier = `arg${i}`;
    while (reserved.has(identifier) || taken.has(identifier)) identifier += '_';
    taken.add(identifier);
    return identifier;
  });
}

/** `session_id` and `session-id` become `sessionId`; what is written otherwise stays. */
function camelCase(name: string): string {
  const words = name.split(/[_-]+/).filter((word) => word !== '');
  return words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
}

/**
 * A short name for each interface: its last element, and as many of those before as it takes for no two to be the same.
 * `org.freedesktop.login1.Manager` is `Manager`, or `Login1Manager` beside another manager.
 */
export function interfaceIdentifiers(names: readonly string[]): Map<string, string> {
  const identifier = (name: string, count: number) =>
    name
      .split('.')
      .slice(-count)
      .map((element) => (element[0]!.toUpperCase() + element.slice(1)).replaceAll(/\W/g, '_'))
      .join('');
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    let count = 1;
    while (names.some((other) => other !== name && identifier(other, count) === identifier(name, count)))
      if (++count > name.split('.').length) break;
    // Names that differ in nothing but capitals and underscores.
    let unique = identifier(name, count);
    for (let i = 2; taken.has(unique); i++) unique = `${identifier(name, count)}${i}`;
    taken.add(unique);
    found.set(name, unique);
  }
  return found;
}
