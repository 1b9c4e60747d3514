import { isBusName, isInterfaceName, isMemberName, isObjectPath } from '@switchyard/dbus';
import { InvalidArgumentError } from 'commander';

/** Arguments of commands as commander parses them: a word that is none is wrong usage, before any bus is asked. */
function parser(isOne: (word: string) => boolean, what: string): (word: string) => string {
  return (word) => {
    if (!isOne(word)) throw new InvalidArgumentError(`It must be ${what}.`);
    return word;
  };
}

export const busName = parser(isBusName, 'a name on the bus, such as org.example.Lamp or :1.7');
export const objectPath = parser(isObjectPath, 'an object path, such as /org/example/lamp');
export const interfaceName = parser(isInterfaceName, 'an interface’s name, such as org.example.Lamp1');
export const memberName = parser(isMemberName, 'a member’s name, such as Blink');

/** For `<name...>`: what came so far, and one more. */
export function several(one: (word: string) => string): (word: string, before?: string[]) => string[] {
  return (word, before = []) => [...before, one(word)];
}

/** Seconds, or `infinity`. */
export function seconds(text: string): number {
  const number = text === 'infinity' ? Number.POSITIVE_INFINITY : Number(text);
  if (text.trim() === '' || Number.isNaN(number) || number < 0)
    throw new InvalidArgumentError('It must be seconds, or infinity.');
  return number;
}

/** How often something is done. */
export function interval(text: string): number {
  const number = Number(text);
  // setTimeout(3) takes no more, and less than this is no pause.
  if (!(number >= 0.01 && number <= 0x7fffffff / 1000))
    throw new InvalidArgumentError('It must be seconds, at least 0.01.');
  return number;
}

/** How many. */
export function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a number of 1 or more.');
  return Number(text);
}
