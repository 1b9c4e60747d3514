import { Variant } from '@switchyard/dbus';

/** A dictionary of one mebibyte, of what property dictionaries hold: strings, numbers, booleans, arrays of strings, structs. */
export function table() {
  const entries = new Map();
  for (let i = 0; i < 17_500; i++) {
    const key = `org.example.Property${i}`;
    if (i % 5 === 0) entries.set(key, new Variant('s', `a value of ordinary length ${i}`));
    else if (i % 5 === 1) entries.set(key, new Variant('u', i));
    else if (i % 5 === 2) entries.set(key, new Variant('b', i % 2 === 0));
    else if (i % 5 === 3) entries.set(key, new Variant('as', ['one', 'two', String(i)]));
    else entries.set(key, new Variant('(ids)', [i, i / 3, 'x']));
  }
  return entries;
}
